package graph

import (
	"klantenpaneel/graph/scalar"
	"klantenpaneel/internal/gqlhttp"
)

// Scalars check the values of our own scalars before anything is resolved.
var Scalars = map[string]func(any) error{
	"Date":     gqlhttp.Scalar(scalar.UnmarshalDate),
	"DateTime": gqlhttp.Scalar(scalar.UnmarshalDateTime),
	"Decimal":  gqlhttp.Scalar(scalar.UnmarshalDecimal),
	"Long":     gqlhttp.Scalar(scalar.UnmarshalLong),
}
