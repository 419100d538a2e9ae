package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"notalone/flows"
	"notalone/flows/check"
)

// checkCmd proves the content, an overlay included.
type checkCmd struct {
	JSON bool `name:"json" help:"Print counts by kind and language, and the faults, as JSON."`
}

// Run implements the command.
func (c checkCmd) Run() error {
	site, err := buildSite(os.Getenv("CONTENT_DIR"), flows.Operator{Name: "Example School", Contact: "safety@example.org"})
	if err != nil {
		return err
	}
	report, err := check.Run(site, time.Now())
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(report); err != nil {
			return fmt.Errorf("print the report: %w", err)
		}
	} else {
		for _, fault := range report.Faults {
			fmt.Println(fault)
		}
	}
	if n := len(report.Faults); n > 0 {
		return fmt.Errorf("%d faults", n)
	}
	if !c.JSON {
		fmt.Println("no faults")
	}
	return nil
}
