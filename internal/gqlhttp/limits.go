package gqlhttp

import "time"

// Limits bounds what one request, document, stream or socket may ask for.
type Limits struct {
	BodyBytes int64 // of one request body
	Cost      int   // of one operation

	// Of one document, all its operations and fragments together unless said otherwise.
	DocumentBytes int
	Tokens        int
	Operations    int
	Fragments     int
	Directives    int
	Selections    int // as written
	Expanded      int // fields of one operation, each fragment counted where it is spread
	Depth         int // levels of fields and inline fragments
	RootFields    int // of one operation, fragments spread
	SameKey       int // selections of one response key, as written in one selection set
	MergedKey     int // selections of one response key in one selection set, fragments spread
	Variables     int // of one operation

	// Of variables and literals.
	InputDepth int
	ListLength int

	// Of memory kept between requests.
	CacheBytes     int // of parsed documents, estimated
	PersistedBytes int // of the texts of automatically persisted queries

	// Of streams and sockets.
	Sockets        int           // WebSockets of one caller
	Streams        int           // event streams (SSE, multipart) of one caller
	SocketInit     time.Duration // from the opening of a socket to connection_init
	SocketBytes    int64         // of one message on a socket
	SocketRunning  int           // operations that run on one socket at once
	Heartbeat      time.Duration // between signs of life on a silent stream or socket
	Recheck        time.Duration // between two questions whether the caller may still be served
	WriteEachFrame time.Duration // for one event to be taken by the client
}

// DefaultLimits returns the limits that were measured to keep the worst accepted document cheap, while leaving room
// for what GraphiQL, Relay and the panel send.
func DefaultLimits() Limits {
	return Limits{
		BodyBytes: 128 << 10,
		Cost:      10_000,

		DocumentBytes: 32 << 10,
		Tokens:        2000,
		Operations:    20,
		Fragments:     50,
		Directives:    50,
		Selections:    700,
		Expanded:      1000,
		Depth:         20,
		RootFields:    30,
		SameKey:       10,
		MergedKey:     50,
		Variables:     100,

		InputDepth: 20,
		ListLength: 250,

		CacheBytes:     32 << 20,
		PersistedBytes: 8 << 20,

		Sockets:        10,
		Streams:        20,
		SocketInit:     3 * time.Second,
		SocketBytes:    64 << 10,
		SocketRunning:  20,
		Heartbeat:      12 * time.Second,
		Recheck:        3 * time.Second,
		WriteEachFrame: 10 * time.Second,
	}
}

// withDefaults returns l with its zero fields taken from DefaultLimits.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	orElse(&l.BodyBytes, d.BodyBytes)
	orElse(&l.Cost, d.Cost)
	orElse(&l.DocumentBytes, d.DocumentBytes)
	orElse(&l.Tokens, d.Tokens)
	orElse(&l.Operations, d.Operations)
	orElse(&l.Fragments, d.Fragments)
	orElse(&l.Directives, d.Directives)
	orElse(&l.Selections, d.Selections)
	orElse(&l.Expanded, d.Expanded)
	orElse(&l.Depth, d.Depth)
	orElse(&l.RootFields, d.RootFields)
	orElse(&l.SameKey, d.SameKey)
	orElse(&l.MergedKey, d.MergedKey)
	orElse(&l.Variables, d.Variables)
	orElse(&l.InputDepth, d.InputDepth)
	orElse(&l.ListLength, d.ListLength)
	orElse(&l.CacheBytes, d.CacheBytes)
	orElse(&l.PersistedBytes, d.PersistedBytes)
	orElse(&l.Sockets, d.Sockets)
	orElse(&l.Streams, d.Streams)
	orElse(&l.SocketInit, d.SocketInit)
	orElse(&l.SocketBytes, d.SocketBytes)
	orElse(&l.SocketRunning, d.SocketRunning)
	orElse(&l.Heartbeat, d.Heartbeat)
	orElse(&l.Recheck, d.Recheck)
	orElse(&l.WriteEachFrame, d.WriteEachFrame)
	return l
}

func orElse[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
