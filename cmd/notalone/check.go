package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"notalone/flows"
	"notalone/flows/check"
)

// checkCmd proves the content, an overlay included.
type checkCmd struct {
	JSON      bool `name:"json" help:"Print counts by kind and language, and the faults, as JSON."`
	Directory bool `name:"directory" help:"List the helplines by the age of their last check, oldest first, for a person to check again."`
}

// Run implements the command.
func (c checkCmd) Run() error { return c.print(os.Stdout, os.Getenv("CONTENT_DIR"), time.Now()) }

func (c checkCmd) print(out io.Writer, overlay string, now time.Time) error {
	site, err := loadSite(overlay, flows.Operator{Name: "Example School", Contact: "safety@example.org"})
	if site != nil && c.Directory {
		return c.printDirectory(out, check.Directory(site.Content(), now))
	}
	report, err := prove(site, err, overlay, func() (*check.Report, error) { return check.Run(site, now) })
	if err != nil {
		_, _ = fmt.Fprintln(out, err)
		return fmt.Errorf("%s, before anything else could be checked", faults(strings.Count(err.Error(), "\n")+1))
	}
	if err := c.printReport(out, report); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	if n := len(report.Faults); n > 0 {
		return errors.New(faults(n))
	}
	return nil
}

func faults(n int) string {
	if n == 1 {
		return "1 fault"
	}
	return fmt.Sprintf("%d faults", n)
}

func (c checkCmd) printReport(out io.Writer, report *check.Report) error {
	if c.JSON {
		return asJSON(out, report)
	}
	for _, fault := range report.Faults {
		if _, err := fmt.Fprintln(out, fault); err != nil {
			return err
		}
	}
	if len(report.Faults) == 0 {
		_, err := fmt.Fprintln(out, "no faults")
		return err
	}
	return nil
}

// printDirectory lists what a person has to look at again.
func (c checkCmd) printDirectory(out io.Writer, entries []check.Entry) error {
	if c.JSON {
		return asJSON(out, entries)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "days\tid\tcountry\tconfidence\tchecked_on\tname\tsource")
	for _, e := range entries {
		days := fmt.Sprint(e.Days)
		if e.Due {
			days += " DUE"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", days, e.ID, e.Country, e.Confidence, e.CheckedOn, e.Name, e.Source)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the directory: %w", err)
	}
	return nil
}

func asJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
