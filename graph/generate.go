package graph

//go:generate go tool gqlgen generate
//go:generate sh -c "cd .. && go run . schema > schema.new && mv schema.new schema.graphql"
