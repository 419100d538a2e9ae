package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// readingsOf runs the command over lines.
func readingsOf(t *testing.T, c understandCmd, in string) []reading {
	t.Helper()
	reader, _, err := loadReaders()
	if err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	out := bufio.NewWriter(&printed)
	if err := c.readLines(reader, strings.NewReader(in), out); err != nil {
		t.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	var readings []reading
	for line := range strings.Lines(printed.String()) {
		var r reading
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		readings = append(readings, r)
	}
	return readings
}

func TestUnderstandAnswersEveryLineInOrder(t *testing.T) {
	threat := "someone has my nudes and wants money or he will post them"
	odd := []string{
		"", "   ", "\x00", "\xff\xfe\xc3", "\u202e\u202a\u200f", "h\u0336e\u0336l\u0336p\u0300\u0301\u0302\u0303\u0304\u0305",
		strings.Repeat("a", 4096), strings.Repeat("xin chào ", 12_000), strings.Repeat("🙏", 30_000), "{\"label\":\"danger\"}", "\\n\t\"",
	}
	var lines []string
	for _, o := range odd {
		lines = append(lines, o, threat)
	}
	for name, in := range map[string]string{
		"ended by a new line": strings.Join(lines, "\n") + "\n", "not ended": strings.Join(lines, "\n"), "from Windows": strings.Join(lines, "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			got := readingsOf(t, understandCmd{Lang: "id"}, in)
			if len(got) != len(lines) {
				t.Fatalf("%d lines in, %d out", len(lines), len(got))
			}
			for i, r := range got {
				if i%2 == 1 && (r.Label != "sextortion" || r.Lang != "en") {
					t.Errorf("line %d is taken for %+v", i+1, r)
				}
				if !slices.Contains([]string{"go", "ask", "none"}, r.Decision) || r.Label == "" || r.Lang == "" || r.Choices == nil {
					t.Errorf("line %d is answered with %+v", i+1, r)
				}
				if (r.Decision == "ask") != (len(r.Choices) > 0) || len(r.Choices) > 3 {
					t.Errorf("line %d: %s with the choices %v", i+1, r.Decision, r.Choices)
				}
			}
		})
	}
}

func TestUnderstandReadsPastALineWithoutEnd(t *testing.T) {
	got := readingsOf(t, understandCmd{Lang: "en"}, strings.Repeat("la la ", 1<<20)+"\nhow do i report a fake account\n")
	if len(got) != 2 || got[1].Label != "report" {
		t.Fatalf("answered with %+v", got)
	}
}

func TestUnderstandExplains(t *testing.T) {
	got := readingsOf(t, understandCmd{Lang: "en", Explain: true}, "he says he will send my nudes to my school if i dont pay\n")
	if len(got) != 1 || len(got[0].Evidence) == 0 {
		t.Fatalf("no evidence in %+v", got)
	}
	for i, e := range got[0].Evidence {
		if e.What == "" || e.Weight <= 0 || i > 0 && e.Weight > got[0].Evidence[i-1].Weight {
			t.Errorf("evidence %d of %+v", i, got[0].Evidence)
		}
	}
}

func TestUnderstandNamesTheLanguage(t *testing.T) {
	lines := []struct{ text, want string }{
		{"có người dọa đăng ảnh em", "vi"},
		{"ada yg ngancem sebar fotoku", "id"},
		{"someone is threatening me", "en"},
		{"สวัสดีครับ", "other"},
		{"有人威胁我", "other"},
		{"???", "vi"},
		{"", "vi"},
	}
	var in strings.Builder
	for _, line := range lines {
		in.WriteString(line.text + "\n")
	}
	for i, got := range readingsOf(t, understandCmd{Lang: "vi"}, in.String()) {
		if string(got.Lang) != lines[i].want {
			t.Errorf("%q is taken for %q, want %q", lines[i].text, got.Lang, lines[i].want)
		}
	}
}
