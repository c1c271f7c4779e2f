package notify_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"klantenpaneel/internal/notify"
)

func TestTheMailboxShowsMailsWithTheirLinks(t *testing.T) {
	p := newProvider(t)
	p.queue(t, p.mail("a", p.withLink), p.mail("b", func(m *notify.Mail) { m.To, m.Name = "piet@example.org", "<script>alert(1)</script>" }))
	id := one[string](t, p, "SELECT id FROM message WHERE dedupe_key = 'a'")
	box := notify.Mailbox(p.DB, p.key, slog.New(slog.DiscardHandler))
	get := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		box.ServeHTTP(w, r)
		return w
	}

	for _, c := range []struct {
		name, path  string
		status      int
		holds, lack string
	}{
		{"the list shows both, newest first", "/mailbox/", 200, `href="/mailbox/` + id, "<script>"},
		{"the list can be narrowed to an address", "/mailbox/?to=JAN@", 200, "jan@example.org", "piet"},
		{"a search for nobody says so", "/mailbox/?to=nobody", 200, "There is no mail", "jan@"},
		{"a mail has its text with the link", "/mailbox/" + id, 200, "/activate#token=kl_very-secret", notify.Placeholder},
		{"a mail is framed without scripts", "/mailbox/" + id, 200, `sandbox="allow-popups allow-popups-to-escape-sandbox"`, "<script>"},
		{"its HTML has the link, for a tab of its own", "/mailbox/" + id + "/html", 200, `<base target="_blank">`, notify.Placeholder},
		{"an unknown mail is not there", "/mailbox/0190f2c4-a7b3-7c2e-8f1d-0a1b2c3d4e5f", 404, "", ""},
		{"nor is a word", "/mailbox/x", 404, "", ""},
		{"nor anything deeper", "/mailbox/" + id + "/text", 404, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := get(c.path, "text/html")
			body := w.Body.String()
			if w.Code != c.status || !strings.Contains(body, c.holds) || c.lack != "" && strings.Contains(body, c.lack) {
				t.Errorf("%s gives %d:\n%s", c.path, w.Code, body)
			}
			if policy := w.Header().Get("Content-Security-Policy"); c.status == 200 && !strings.HasPrefix(policy, "default-src 'none'") {
				t.Errorf("%s may do %q", c.path, policy)
			}
		})
	}

	var list []struct{ ID, To, Text string }
	if err := json.Unmarshal(get("/mailbox/?to=jan", "application/json").Body.Bytes(), &list); err != nil || len(list) != 1 || list[0].ID != id || !strings.Contains(list[0].Text, "kl_very-secret") {
		t.Errorf("as JSON it is %+v, %v", list, err)
	}
	w := httptest.NewRecorder()
	box.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/mailbox/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST gives %d", w.Code)
	}
}
