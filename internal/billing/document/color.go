package document

import (
	"fmt"
	"math"
)

// Color is a colour of the screen and of print: sRGB, 0 to 255.
type Color struct{ R, G, B uint8 }

// AccentOf returns the accent colour of a brand's hue (0 to 359), the one the panel shows for it: the same lightness and
// chroma for every hue, dark enough to carry white text.
func AccentOf(hue int) Color { return oklch(0.47, 0.14, float64(hue)) }

// Hex returns the colour as style sheets write it: #1a56a7.
func (c Color) Hex() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// mix returns the colour with the given part of it left and the rest white.
func (c Color) mix(part float64) Color {
	one := func(v uint8) uint8 { return uint8(math.Round(255 - (255-float64(v))*part)) }
	return Color{one(c.R), one(c.G), one(c.B)}
}

// The inks beside the accent.
var (
	ink   = Color{0x1a, 0x21, 0x2c}
	muted = Color{0x58, 0x61, 0x6f}
	line  = Color{0xd9, 0xde, 0xe5}
	white = Color{0xff, 0xff, 0xff}
)

// oklch converts from OKLCH (lightness, chroma, hue in degrees) by Ottosson's matrices, clipping to sRGB.
func oklch(lightness, chroma, hue float64) Color {
	a, b := chroma*math.Cos(hue*math.Pi/180), chroma*math.Sin(hue*math.Pi/180)
	l := cube(lightness + 0.3963377774*a + 0.2158037573*b)
	m := cube(lightness - 0.1055613458*a - 0.0638541728*b)
	s := cube(lightness - 0.0894841775*a - 1.2914855480*b)
	return Color{
		gamma(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		gamma(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		gamma(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
	}
}

func cube(x float64) float64 { return x * x * x }

func gamma(x float64) uint8 {
	x = min(max(x, 0), 1)
	if x <= 0.0031308 {
		x *= 12.92
	} else {
		x = 1.055*math.Pow(x, 1/2.4) - 0.055
	}
	return uint8(math.Round(255 * x))
}
