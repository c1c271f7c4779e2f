// Command serve serves the test schema on LISTEN (127.0.0.1:8099 when unset), for the audits and clients in test/clients.
package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"

	"klantenpaneel/internal/gqlhttp"
	"klantenpaneel/internal/gqlhttp/gqltest"
)

func main() {
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	address := os.Getenv("LISTEN")
	if address == "" {
		address = "127.0.0.1:8099"
	}
	api := gqlhttp.New(gqltest.New(&gqltest.Resolver{}), gqlhttp.Options{
		Introspect: func(context.Context) bool { return true },
		Logger:     logger,
	})
	mux := http.NewServeMux()
	mux.Handle("/graphql", api)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		logger.Error("listening", "error", err)
		os.Exit(1)
	}
	server := gqlhttp.NewServer(gqlhttp.RequestIDs(gqlhttp.AccessLog(logger, mux)), logger)
	logger.Error("serving", "error", server.Serve(listener))
}
