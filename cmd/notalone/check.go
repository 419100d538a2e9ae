package main

type checkCmd struct {
	JSON bool `name:"json" help:"Print counts by kind and language, and the faults, as JSON."`
}
