package gqlhttp

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// refusal is a request that never became an operation.
type refusal struct {
	status        int
	code, message string
	header        [2]string
}

func refuse(status int, code, message string) *refusal {
	return &refusal{status: status, code: code, message: message}
}

func badRequest(message string) *refusal {
	return refuse(http.StatusBadRequest, codeBadRequest, message)
}

// with adds the header that tells how to do better.
func (r *refusal) with(name, value string) *refusal {
	r.header = [2]string{name, value}
	return r
}

// write answers with the refusal as an execution result, in JSON whatever the client accepts.
func (r *refusal) write(w http.ResponseWriter, media string) {
	if media == "" {
		media = mediaJSON
	}
	if r.header[0] != "" {
		w.Header().Set(r.header[0], r.header[1])
	}
	writeSingle(w, media, r.status, &graphql.Response{Errors: gqlerror.List{failure(r.code, r.message)}})
}

// writeSingle answers with one JSON document.
func writeSingle(w http.ResponseWriter, media string, status int, response *graphql.Response) {
	body := encode(response)
	header := w.Header()
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client is gone; there is nobody to tell
}

// encode renders a response: errors first, data only if execution began. It copies data, which gqlgen reuses for the
// next event of a subscription, and does not parse it again as encoding/json would.
func encode(response *graphql.Response) []byte {
	var b bytes.Buffer
	b.Grow(len(response.Data) + 64)
	member := func(name string, value any) {
		raw, isRaw := value.(json.RawMessage)
		if !isRaw {
			var err error
			if raw, err = json.Marshal(value); err != nil {
				return // extensions are ours and marshal
			}
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		} else {
			b.WriteByte('{')
		}
		b.WriteString(`"` + name + `":`)
		b.Write(raw)
	}
	if len(response.Errors) > 0 {
		member("errors", response.Errors)
	}
	if len(response.Data) > 0 {
		member("data", response.Data)
	}
	if len(response.Extensions) > 0 {
		member("extensions", response.Extensions)
	}
	if b.Len() == 0 {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	return b.Bytes()
}

// status is the HTTP status of a response. Under application/json a refused document is 200, as older clients expect
// and the specification asks for; what a proxy or a retrying client must see has its own status under both types.
func status(media string, response *graphql.Response) int {
	if len(response.Data) > 0 || len(response.Errors) == 0 {
		return http.StatusOK
	}
	code, _ := response.Errors[0].Extensions["code"].(string)
	if own, ok := statuses[code]; ok {
		return own
	}
	if media == mediaGraphQL {
		return http.StatusBadRequest
	}
	return http.StatusOK
}
