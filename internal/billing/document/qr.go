package document

import (
	"image"

	"github.com/boombuler/barcode/qr"
)

// qr draws an address as a QR code in a white square, for those who read it on paper; alt is what it is said to be. An
// address too long for a code is left out: it always stands in the text as well.
func (s *sheet) qr(x, y, size float64, url, alt string) {
	code, err := qr.Encode(url, qr.M, qr.Auto)
	if err != nil {
		return
	}
	const quiet = 1.2
	module := (size - 2*quiet) / float64(code.Bounds().Dx())
	figure := s.within("Figure", "", func() {
		s.mark(func() {
			s.fill(x, y, size, size, quiet, white)
			for _, run := range runs(code) {
				s.fill(x+quiet+float64(run.Min.X)*module, y+quiet+float64(run.Min.Y)*module, float64(run.Dx())*module, module, 0, ink)
			}
		})
	})
	figure.alt = alt
}

// runs returns the dark modules of each row that touch, as one rectangle each.
func runs(code image.Image) (dark []image.Rectangle) {
	n := code.Bounds().Dx()
	for row := range n {
		for col, start := 0, -1; col <= n; col++ {
			switch black := col < n && isDark(code, col, row); {
			case black && start < 0:
				start = col
			case !black && start >= 0:
				dark = append(dark, image.Rect(start, row, col, row+1))
				start = -1
			}
		}
	}
	return dark
}

func isDark(code image.Image, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r < 0x8000
}
