// Package gqltest is a small schema with every shape that gqlhttp must cope with: connections, a union of errors, a
// oneOf input, a field that panics, one that is slow, and a subscription that ticks. Only tests serve it.
package gqltest

//go:generate go run github.com/99designs/gqlgen generate
