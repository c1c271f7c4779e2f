package notify

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/seal"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

//go:embed mailbox.html.tmpl
var mailboxPage string

var mailboxTemplate = template.Must(template.New("mailbox").Funcs(template.FuncMap{"at": func(t time.Time) string {
	return t.In(civil.Amsterdam).Format("02-01-2006 15:04")
}}).Parse(mailboxPage))

// The mailbox's own pages run nothing. A mail's HTML is shown in a frame that may open links in a new tab, and nothing else.
const (
	pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
	mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)

const mailboxSize = 100

// Mailbox serves the mails that were "sent" by a panel without a mail server, so that who tries it out can follow their
// links: /mailbox/ lists the newest (?to=part-of-an-address), /mailbox/{id} shows one, and with Accept: application/json
// both are JSON. It shows everything to anyone: mount it in sandbox mode only.
func Mailbox(db *pg.DB, k seal.Key, log *slog.Logger) http.Handler {
	b := mailbox{db, k, log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mailbox/{$}", b.list)
	mux.HandleFunc("GET /mailbox/{id}", b.show)
	mux.HandleFunc("GET /mailbox/{id}/html", b.html)
	return mux
}

type mailbox struct {
	db  *pg.DB
	key seal.Key
	log *slog.Logger
}

// letter is a mail as the mailbox shows it.
type letter struct {
	ID        uuid.UUID `json:"id"`
	Kind      Kind      `json:"kind"`
	To        string    `json:"to"`
	Name      string    `json:"name"`
	From      string    `json:"from"`
	Subject   string    `json:"subject"`
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"createdAt"`
	Text      string    `json:"text,omitempty"`
	HTML      string    `json:"-"`
}

func (b mailbox) list(w http.ResponseWriter, r *http.Request) {
	to := strings.ToLower(strings.ReplaceAll(strings.ToValidUTF8(r.URL.Query().Get("to"), ""), "\x00", ""))
	rows, err := b.read(r.Context(), "position(? in lower(recipient)) > 0", to)
	if err != nil {
		b.fail(w, r, err)
		return
	}
	b.write(w, r, "list", map[string]any{"To": to, "Letters": rows}, rows)
}

func (b mailbox) show(w http.ResponseWriter, r *http.Request) {
	if l, ok := b.one(w, r); ok {
		b.write(w, r, "show", l, l)
	}
}

// html serves the HTML part for the frame. Links open in a tab of their own.
func (b mailbox) html(w http.ResponseWriter, r *http.Request) {
	l, ok := b.one(w, r)
	if !ok {
		return
	}
	headers(w, "text/html; charset=utf-8", mailPolicy)
	_, _ = w.Write([]byte(strings.Replace(l.HTML, "<head>", `<head><base target="_blank">`, 1)))
}

func (b mailbox) one(w http.ResponseWriter, r *http.Request) (letter, bool) {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		http.NotFound(w, r)
		return letter{}, false
	}
	rows, err := b.read(r.Context(), "id = ?", id)
	if err != nil {
		b.fail(w, r, err)
		return letter{}, false
	}
	if len(rows) == 0 {
		http.NotFound(w, r)
		return letter{}, false
	}
	return rows[0], true
}

func (b mailbox) read(ctx context.Context, where string, arg any) ([]letter, error) {
	var rows []message
	err := b.db.Read(ctx, viewer.ForJob("mailbox"), viewer.ReadDesk, func(tx *pg.Tx) error {
		rows = nil
		return tx.NewSelect().Model(&rows).Where(where, arg).OrderExpr("created_at DESC, id DESC").Limit(mailboxSize).Scan(ctx)
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	letters := make([]letter, len(rows))
	for i, m := range rows {
		if err := m.reveal(b.key); err != nil {
			b.log.WarnContext(ctx, "a mail keeps its secret", "message", m.ID, "error", err) // made with another key
		}
		letters[i] = letter{m.ID, m.Kind, m.Recipient, m.RecipientName, m.SenderName + " <" + m.Sender + ">", m.Subject, m.Status, m.CreatedAt, m.BodyText, m.BodyHTML}
	}
	return letters, nil
}

func (b mailbox) write(w http.ResponseWriter, r *http.Request, page string, data, asJSON any) {
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		headers(w, "application/json; charset=utf-8", pagePolicy)
		_ = json.NewEncoder(w).Encode(asJSON)
		return
	}
	headers(w, "text/html; charset=utf-8", pagePolicy)
	if err := mailboxTemplate.ExecuteTemplate(w, page, data); err != nil {
		b.log.WarnContext(r.Context(), "show the mailbox", "error", err)
	}
}

func (b mailbox) fail(w http.ResponseWriter, r *http.Request, err error) {
	b.log.ErrorContext(r.Context(), "read the mailbox", "error", err)
	http.Error(w, "The mailbox cannot be read now.", http.StatusInternalServerError)
}

func headers(w http.ResponseWriter, contentType, policy string) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept")
}
