package whmcs

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// Progress is how far a step of the import is.
type Progress struct {
	Step  string // what is done
	Done  int64
	Total int64 // 0 when it is not known
}

// ShowProgress returns a function for Options.Progress: a bar when w is a terminal, otherwise a plain line for each step
// and every ten seconds.
func ShowProgress(w io.Writer) func(Progress) {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return (&terminal{w: w}).show
	}
	return (&plainLines{w: w, now: time.Now}).show
}

// terminal draws a bar over itself.
type terminal struct {
	mu   sync.Mutex
	w    io.Writer
	step string
}

func (t *terminal) show(p Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.step != "" && t.step != p.Step {
		_, _ = fmt.Fprintln(t.w) // a progress that cannot be shown is no reason to stop
	}
	t.step = p.Step
	_, _ = fmt.Fprintf(t.w, "\r\x1b[K%-24s %s", p.Step, drawBar(p, 30))
	if p.Total > 0 && p.Done >= p.Total {
		t.step = ""
		_, _ = fmt.Fprintln(t.w)
	}
}

func drawBar(p Progress, width int) string {
	if p.Total <= 0 {
		return fmt.Sprint(p.Done)
	}
	full := int(min(p.Done, p.Total) * int64(width) / p.Total)
	return fmt.Sprintf("[%s%s] %3d%%", strings.Repeat("=", full), strings.Repeat(" ", width-full), min(p.Done, p.Total)*100/p.Total)
}

// plainLines writes for logs.
type plainLines struct {
	mu   sync.Mutex
	w    io.Writer
	now  func() time.Time
	step string
	last time.Time
}

func (l *plainLines) show(p Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	done := p.Total > 0 && p.Done >= p.Total
	if now := l.now(); p.Step != l.step || done || now.Sub(l.last) >= 10*time.Second {
		l.step, l.last = p.Step, now
		if p.Total > 0 {
			_, _ = fmt.Fprintf(l.w, "%s: %d%%\n", p.Step, min(p.Done, p.Total)*100/p.Total)
		} else {
			_, _ = fmt.Fprintf(l.w, "%s: %d\n", p.Step, p.Done)
		}
	}
}

// bar tells how far a step is, at most a hundred times.
type bar struct {
	tell  func(Progress)
	p     Progress
	shown int64
}

func newBar(tell func(Progress), step string, total int64) *bar {
	b := &bar{tell: tell, p: Progress{Step: step, Total: total}, shown: -1}
	b.at(0)
	return b
}

// at moves the bar to done.
func (b *bar) at(done int64) {
	b.p.Done = done
	if share := done * 100 / max(1, b.p.Total); share != b.shown {
		b.shown = share
		b.tell(b.p)
	}
}
