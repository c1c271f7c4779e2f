package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// serveProfiles serves net/http/pprof on an address of its own, apart from what customers reach, until it is stopped.
func serveProfiles(address string) (stop func(), err error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serve profiles on %s: %w", address, err)
	}
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = s.Serve(socket) }() // ends with stop
	return func() { _ = s.Close() }, nil
}
