package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"klantenpaneel/graph"
	"klantenpaneel/internal/pg/migrate"
	"klantenpaneel/migrations"
)

type migrateCommand struct {
	Status bool `help:"Only tell which migrations are there, and which were applied."`
}

// Run brings the database up to date.
func (c *migrateCommand) Run(ctx context.Context) error {
	a, err := open(ctx)
	if err != nil {
		return err
	}
	if c.Status {
		states, err := migrate.Status(ctx, a.ownerURL, migrations.Files)
		for _, s := range states {
			fmt.Println(s)
		}
		return errors.Join(err, a.close())
	}
	return errors.Join(a.migrate(ctx), a.close())
}

type schemaCommand struct{}

// Run prints the schema.
func (schemaCommand) Run() error { return graph.WriteSchema(os.Stdout) }

type healthCommand struct{}

// Run asks the server on LISTEN whether it is ready.
func (healthCommand) Run(ctx context.Context) error {
	config, err := readConfig()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	host, port, _ := net.SplitHostPort(config.Listen)
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "127.0.0.1"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: %s", answer.Status)
	}
	return nil
}
