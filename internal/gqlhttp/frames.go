package gqlhttp

import (
	"io"
	"net/http"
	"time"
)

// frameWriter writes a stream, frame by frame. The server's time-out for writing a whole answer does not hold for it;
// instead each frame must be taken within its patience.
type frameWriter struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	patience time.Duration
}

// open sends the head of the answer.
func (f *frameWriter) open(framing framing) error {
	header := f.w.Header()
	header.Set("Content-Type", framing.contentType)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Accel-Buffering", "no") // nginx would hold events back
	f.w.WriteHeader(http.StatusOK)
	return f.write(framing.opening)
}

// write sends one frame.
func (f *frameWriter) write(frame string) error {
	_ = f.control.SetWriteDeadline(time.Now().Add(f.patience))
	if _, err := io.WriteString(f.w, frame); err != nil {
		return err
	}
	return f.control.Flush()
}
