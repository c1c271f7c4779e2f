package gqlhttp

import (
	"mime"
	"strconv"
	"strings"
)

// The media types of the API.
const (
	mediaJSON      = "application/json"
	mediaGraphQL   = "application/graphql-response+json"
	mediaEvents    = "text/event-stream"
	mediaMultipart = "multipart/mixed"
)

// acceptance is how much the client wants each form of answer: its q-value, 0 for not at all.
type acceptance struct {
	json, graphQL     float64
	events, multipart float64
}

// negotiate reads the Accept header. A client that sends none, or only wildcards, gets application/json.
func negotiate(headers []string) acceptance {
	header := strings.Join(headers, ",")
	if strings.TrimSpace(header) == "" {
		return acceptance{json: 1}
	}
	var a acceptance
	for part := range strings.SplitSeq(header, ",") {
		media, parameters, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		q := 1.0
		if text, given := parameters["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil || q < 0 || q > 1 {
				continue
			}
		}
		if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
			continue
		}
		switch media {
		case mediaGraphQL:
			a.graphQL = max(a.graphQL, q)
		case mediaJSON, "application/*", "*/*":
			a.json = max(a.json, q)
		case mediaEvents:
			a.events = max(a.events, q)
		case mediaMultipart:
			if parameters["subscriptionspec"] == "1.0" { // plain multipart would be @defer, which we do not have
				a.multipart = max(a.multipart, q)
			}
		}
	}
	return a
}

// single is the media type of an answer that is one JSON document, "" when the client takes none. At equal weight the
// newer type wins, because its status codes tell more.
func (a acceptance) single() string {
	switch {
	case a.graphQL > 0 && a.graphQL >= a.json:
		return mediaGraphQL
	case a.json > 0:
		return mediaJSON
	}
	return ""
}

// stream is the media type of an answer in several parts, "" when the client takes none.
func (a acceptance) stream() string {
	switch {
	case a.events > 0 && a.events >= a.multipart:
		return mediaEvents
	case a.multipart > 0:
		return mediaMultipart
	}
	return ""
}

// none reports whether no form of answer that we have would be understood.
func (a acceptance) none() bool { return a.single() == "" && a.stream() == "" }
