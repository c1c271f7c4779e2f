package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/jobs"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/local"
	"klantenpaneel/internal/pg/migrate"
	"klantenpaneel/internal/seal"
	"klantenpaneel/migrations"
)

// app is what the commands that use the database share.
type app struct {
	config   *Config
	log      *slog.Logger
	key      seal.Key
	url      string // for serving
	db       *pg.DB
	gate     *auth.Gate
	ownerURL string
	private  *local.Server // nil when the database is somebody else's
}

// open reads the configuration, starts the private PostgreSQL when no database is given, and opens the pool. The caller
// closes it.
func open(ctx context.Context) (a *app, err error) {
	config, err := readConfig()
	if err != nil {
		return nil, err
	}
	a = &app{config: config, log: config.logger()}
	slog.SetDefault(a.log)
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.key, err = config.key(); err != nil {
		return a, err
	}
	url := config.DatabaseURL
	a.ownerURL = config.OwnerURL
	if url == "" {
		a.private, err = local.Start(ctx, filepath.Join(config.DataDir, "postgres"), local.Options{})
		if err != nil {
			return a, err
		}
		url, a.ownerURL = a.private.URL(), a.private.OwnerURL()
	}
	if a.ownerURL == "" {
		a.ownerURL = url
	}
	a.url = url
	if a.db, err = pg.Open(url, pg.Options{Now: time.Now, MaxConns: config.DatabaseConns}); err != nil {
		return a, err
	}
	a.gate, err = auth.New(auth.Options{DB: a.db, Key: a.key, PublicURL: config.PublicURL, Now: time.Now, Log: a.log})
	return a, err
}

// migrate brings the database up to date.
func (a *app) migrate(ctx context.Context) error {
	applied, err := migrate.Up(ctx, a.ownerURL, migrations.Files)
	for _, name := range applied {
		a.log.InfoContext(ctx, "migrated", "file", name)
	}
	if err == nil {
		err = jobs.Migrate(ctx, a.ownerURL)
	}
	if err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	return nil
}

// close lets go of everything, the private PostgreSQL last.
func (a *app) close() (err error) {
	if a.db != nil {
		err = a.db.Close()
	}
	if a.private != nil {
		err = errors.Join(err, a.private.Stop())
	}
	return err
}
