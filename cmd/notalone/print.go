package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// printCmd writes conversations as Markdown, for docs/conversations.
type printCmd struct {
	Files []string `arg:"" help:"Transcripts, such as cmd/notalone/testdata/transcripts/vi-threat.txt."`
}

// Run implements the command.
func (p printCmd) Run() error {
	text, err := printed(p.Files)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(os.Stdout, text); err != nil {
		return fmt.Errorf("print the conversations: %w", err)
	}
	return nil
}

// listed is a line of a numbered list.
var listed = regexp.MustCompile(`^< \d+\. `)

const printedFront = `# Conversations as a reader sees them

Played by the real bot (` + "`make conversations`" + `); a test keeps them up to date. What the person types or presses stands in bold, the bot's words beside a bar, buttons as ` + "`words like these`" + `.
`

// printed is one page with all the transcripts. The greeting is the same in all of
// them and stands in the first only.
func printed(files []string) (string, error) {
	var page strings.Builder
	page.WriteString(printedFront)
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("read the transcript: %w", err)
		}
		scene, talk, _ := strings.Cut(string(data), "\n\n")
		title, _, _ := strings.Cut(strings.TrimPrefix(scene, "# "), "\n")
		fmt.Fprintf(&page, "\n## %d. %s\n", i+1, strings.ToUpper(title[:1])+title[1:])
		if strings.Contains(scene, "# place: group") {
			page.WriteString("\n_In a group._\n")
		}
		if said := strings.Index(talk, "\n> "); i > 0 && said > 0 {
			talk = talk[said+1:]
		}
		page.WriteString("\n" + strings.TrimSpace(markdown(talk)) + "\n")
	}
	return page.String(), nil
}

// markdown turns the lines of a transcript into Markdown: "> " is the person, "<"
// the bot, the rest are buttons with their numbers.
func markdown(talk string) string {
	var out strings.Builder
	lines := strings.Split(talk, "\n")
	for i, line := range lines {
		next := ""
		if i+1 < len(lines) {
			next = lines[i+1]
		}
		switch {
		case strings.HasPrefix(line, "> "):
			fmt.Fprintf(&out, "\n**%s**\n\n", escaped(line[2:]))
		case strings.HasPrefix(line, "< "):
			fmt.Fprintf(&out, "> %s%s\n", escaped(line[2:]), lineEnd(line, next))
		case line == "<":
			out.WriteString(">\n")
		case strings.HasPrefix(line, "  ["):
			if i > 0 && strings.HasPrefix(lines[i-1], "<") {
				out.WriteString(">\n")
			}
			end := ""
			if strings.HasPrefix(next, "  [") {
				end = `\`
			}
			fmt.Fprintf(&out, "> %s%s\n", buttonsOf(line), end)
		case strings.TrimSpace(line) != "":
			fmt.Fprintf(&out, "\n_%s_\n", escaped(line))
		}
	}
	return out.String()
}

// lineEnd is what keeps the bot's next line below this one, not behind it.
func lineEnd(line, next string) string {
	switch {
	case !strings.HasPrefix(next, "< ") || listed.MatchString(line) && listed.MatchString(next):
		return ""
	case strings.HasPrefix(next, "< >") && !strings.HasPrefix(line, "< >"):
		return "\n>"
	}
	return `\`
}

// buttonsOf shows a row of buttons without the numbers that only a terminal needs.
func buttonsOf(line string) string {
	var labels []string
	for part := range strings.SplitSeq(strings.TrimSpace(line), "   ") {
		if _, label, ok := strings.Cut(part, "] "); ok {
			labels = append(labels, "`"+label+"`")
		}
	}
	return strings.Join(labels, " ")
}

// escaped keeps what is written from becoming markup; a list stays a list.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "#", `\#`).Replace(text)
}
