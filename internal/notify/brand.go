package notify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"klantenpaneel/internal/pg"

	"github.com/uptrace/bun"
)

// Brand is in whose name a mail is sent.
type Brand struct {
	bun.BaseModel `bun:"table:brand,alias:b"`

	Name, LegalName       string
	Line1, Postcode, City string
	KvkNumber, VatID      string
	Email, Phone          string
	URL                   string `bun:"url"`
	Hue                   int    // of the accent colour, in degrees of OKLCH
}

// Accent returns the brand's colour as #rrggbb: the panel's accent, whose lightness is fixed so that white text on it can
// be read whatever the hue. Mail programs do not know oklch().
func (b Brand) Accent() string { return oklch(0.47, 0.14, float64(b.Hue)) }

// Soft returns the accent as a pale background.
func (b Brand) Soft() string { return oklch(0.945, 0.024, float64(b.Hue)) }

// brandOf returns the brand of the mail's account, of the first account of its user, or the provider's first one.
func brandOf(ctx context.Context, tx *pg.Tx, m Mail) (Brand, error) {
	var b Brand
	err := tx.NewSelect().Model(&b).ColumnExpr("b.name, b.legal_name, b.line1, b.postcode, b.city, b.kvk_number, b.vat_id, b.email, b.phone, b.url, b.hue").
		Join("LEFT JOIN account AS a ON a.brand_id = b.id AND (a.id = ? OR a.id = (SELECT m.account_id FROM membership AS m WHERE m.user_id = ? ORDER BY m.created_at, m.id LIMIT 1))", m.Account, m.User).
		OrderExpr("(a.id = ?) DESC NULLS LAST, (a.id IS NOT NULL) DESC, b.created_at, b.id", m.Account).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Brand{}, errors.New("queue mail: there is no brand to send it for")
	}
	if err != nil {
		return Brand{}, fmt.Errorf("queue mail: find the brand: %w", err)
	}
	return b, nil
}

// oklch returns the colour in sRGB, clipped to what screens show.
func oklch(l, c, degrees float64) string {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	a, b := c*cos, c*sin
	cube := func(x float64) float64 { return x * x * x }
	long, medium, short := cube(l+0.3963377774*a+0.2158037573*b), cube(l-0.1055613458*a-0.0638541728*b), cube(l-0.0894841775*a-1.2914855480*b)
	gamma := func(x float64) int {
		x = min(max(x, 0), 1)
		if x <= 0.0031308 {
			x *= 12.92
		} else {
			x = 1.055*math.Pow(x, 1/2.4) - 0.055
		}
		return int(math.Round(x * 255))
	}
	return fmt.Sprintf("#%02x%02x%02x",
		gamma(4.0767416621*long-3.3077115913*medium+0.2309699292*short),
		gamma(-1.2684380046*long+2.6097574011*medium-0.3413193965*short),
		gamma(-0.0041960863*long-0.7034186147*medium+1.7076147010*short))
}
