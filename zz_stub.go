package main

import "context"

type seedCommand struct{}
type importCommand struct{}

func (c *serveCommand) fill(ctx context.Context, a *app) error { return nil }
