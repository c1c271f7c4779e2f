package notify

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"io"
	"strings"
	"sync"
	texttemplate "text/template"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
)

//go:embed templates
var files embed.FS

// Rendered is a mail's text, ready to send.
type Rendered struct{ Subject, Text, HTML string }

// view is what a template sees.
type view struct {
	Brand    Brand
	Language string
	Name     string // of the recipient
	Subject  string
	Mail     Content
}

// Render writes the mail in the language, "nl" or "en", in the name of the brand.
//
// A template file defines "subject", "text" and "html"; the layouts around the last two are shared. The text and the HTML
// of one language stand in one file, so that who changes a sentence sees the other.
func Render(b Brand, language, name string, c Content) (Rendered, error) {
	pair, err := load(c.Kind(), language)
	if err != nil {
		return Rendered{}, err
	}
	v := view{Brand: b, Language: language, Name: name, Mail: c}
	subject, err := execute(pair.text, "subject", v)
	if err != nil {
		return Rendered{}, err
	}
	v.Subject = strings.Join(strings.Fields(subject), " ") // one line, whatever a name holds
	text, err := execute(pair.text, "layout", v)
	if err != nil {
		return Rendered{}, err
	}
	html, err := execute(pair.html, "layout", v)
	if err != nil {
		return Rendered{}, err
	}
	return Rendered{v.Subject, strings.TrimSpace(text) + "\n", strings.TrimSpace(html) + "\n"}, nil
}

// templates are the two halves of a file, each in its layout.
type templates struct {
	text *texttemplate.Template
	html *htmltemplate.Template
}

var loaded sync.Map // file name -> templates

// load parses a file at its first use.
func load(k Kind, language string) (templates, error) {
	name := strings.ToLower(string(k)) + "." + language + ".tmpl"
	if t, ok := loaded.Load(name); ok {
		return t.(templates), nil
	}
	words := texttemplate.FuncMap{"at": at(language), "button": newButton,
		"day":   func(d civil.Date) string { return d.Format(language) },
		"money": func(c money.Cents) string { return c.Format(language) }}
	text, err := texttemplate.New(name).Funcs(words).Option("missingkey=error").ParseFS(files, "templates/layout.txt.tmpl", "templates/"+name)
	if err != nil {
		return templates{}, fmt.Errorf("mail %s: %w", name, err)
	}
	html, err := htmltemplate.New(name).Funcs(words).Option("missingkey=error").ParseFS(files, "templates/layout.html.tmpl", "templates/"+name)
	if err != nil {
		return templates{}, fmt.Errorf("mail %s: %w", name, err)
	}
	t, _ := loaded.LoadOrStore(name, templates{text, html})
	return t.(templates), nil
}

// execute runs one template of either half.
func execute(t interface {
	ExecuteTemplate(w io.Writer, name string, data any) error
}, name string, v view) (string, error) {
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, name, v); err != nil {
		return "", fmt.Errorf("mail %s: %w", v.Mail.Kind(), err)
	}
	return b.String(), nil
}

// at returns what writes an instant in words, as the clock in Amsterdam shows it.
func at(language string) func(time.Time) string {
	return func(t time.Time) string {
		join := " at "
		if language == "nl" {
			join = " om "
		}
		return civil.In(t).Format(language) + join + t.In(civil.Amsterdam).Format("15:04")
	}
}

// button is what the template of that name shows.
type button struct {
	Brand       Brand
	Link, Label string
}

func newButton(b Brand, link, label string) button { return button{b, link, label} }
