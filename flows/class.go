package flows

import "notalone/i18n"

// classPage is for the teacher: the lesson of the week and how the class did as
// a whole.
func classPage(t *turn, _ []string) *Page {
	if t.event.Shared && !t.event.HasFeed && !t.event.Offline {
		return t.need(NeedFeed{})
	}
	text, rows := t.text("class.none"), [][]Button{{t.link("lesson")}}
	if lessons := t.site.content.Lessons; len(lessons) > 0 {
		_, week := t.event.At.ISOWeek()
		text, rows = t.lesson(&lessons[week%len(lessons)])
	}
	if feed := t.event.Feed; t.event.Shared && feed != nil && len(feed.Week) > 0 {
		text = i18n.Join(text, t.text("class.week", i18n.Count("N", len(feed.Week))), t.together(whole(feed.Week)))
	}
	return t.page("class", text, append(rows, t.links([]Path{"setup", "home"})...)...)
}

// lesson is a lesson in short: what to play, and what to talk about.
func (t *turn) lesson(lesson *Lesson) (i18n.Text, [][]Button) {
	text := i18n.Join(
		t.text("class.front", i18n.With("Topic", t.line(i18n.Key("label.help_"+lesson.Topic)))),
		t.text(i18n.Key("lesson."+lesson.Topic+".talk")))
	return text, [][]Button{t.played(lesson), {t.button("open.plan", join("lesson", lesson.Topic)), t.link("lesson")}}
}

// played is what a class plays in a lesson: the question to open with and the
// practice story to project.
func (t *turn) played(lesson *Lesson) []Button {
	return []Button{t.button("open.question", join("quiz", lesson.Question)), t.button("open.practice", join("practice", lesson.Practice))}
}

// whole adds up the questions that enough people answered; a result of fewer
// would tell on single pupils.
func whole(scores []Score) (right, answers int) {
	for _, score := range scores {
		if score.Answers >= leastAnswers {
			right += int(score.Right)
			answers += int(score.Answers)
		}
	}
	return right, answers
}

// together tells how a group did as a whole, from leastAnswers on.
func (t *turn) together(right, answers int) i18n.Text {
	if answers < leastAnswers {
		return nil
	}
	return t.text("class.together", i18n.Count("Right", right), i18n.Count("All", answers))
}

// classAnswer is a press on the group's quiz. It is counted while the quiz is
// open, and explained to that person alone, or told in passing; where neither can
// be, in silence: an answer would stand in the place of everybody's question.
func classAnswer(t *turn, args []string) *Page {
	question := t.site.question(args[0])
	known := question != nil && has(question.Choices, args[1])
	switch feed := t.event.Feed; {
	case t.event.Shared && !t.event.HasFeed && !t.event.Offline:
		return t.need(NeedFeed{})
	case known && t.event.Shared && !t.event.Offline && feed.asks(args[0], t.event.At.Unix()) && t.event.Voted == Unknown:
		return t.need(Vote{Question: question.ID, Choice: args[1]})
	case t.event.Shared && !t.event.Can.Has(CanWhisper) && (!known || !t.event.Can.Has(CanNote)):
		return t.need(Count{Name: "class:" + string(t.lang)})
	case !known:
		return nil
	}
	page := t.explain(question, args[1] == question.Right, args[1])
	page.Path, page.Sensitive = join("class", question.ID, args[1]), true
	if t.event.Shared && !t.event.Can.Has(CanWhisper) {
		page.Sensitive, page.Note = false, true
	}
	if t.event.Voted == No {
		page.Text = i18n.Join(page.Text, t.text("class.again"))
	}
	return page
}

// asks reports whether a feed's round on the question is open for buttons.
func (f *Feed) asks(question string, now int64) bool {
	return f != nil && f.Round.Question == question && !f.Round.Native && now < f.Round.Closes
}
