package flows

import (
	"time"

	"notalone/i18n"
)

// quizToday is the question of the day: the same for everybody on a date.
func quizToday(t *turn, _ []string) *Page {
	question := t.site.QuestionOf(t.event.At)
	if question == nil {
		return nil
	}
	if t.state.QuizDay == day(t.event.At) && t.state.QuizDay != 0 {
		page := t.explain(question, t.state.QuizRight, "")
		page.Path = "quiz/today"
		return page
	}
	page := t.ask1(question, t.text("quiz.today"))
	page.Path = "quiz/today"
	return page
}

// QuestionOf is the question of a date. The pool is walked with a step that
// shares no factor with its size, so none comes again before all have been and
// neighbours in the file, which share a topic, do not follow each other.
func (s *Site) QuestionOf(at time.Time) *Question {
	n := len(s.content.Questions)
	if n == 0 {
		return nil
	}
	step := n*5/8 + 1
	for gcd(step, n) != 1 {
		step++
	}
	turn := (int(day(at))%n + n) % n // days before the epoch are negative
	return &s.content.Questions[turn*step%n]
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// quizNext is another question, one not seen lately.
func quizNext(t *turn, _ []string) *Page {
	var fresh []*Question
	for i := range t.site.content.Questions {
		if q := &t.site.content.Questions[i]; !seen(t.state.Questions, q.ID) {
			fresh = append(fresh, q)
		}
	}
	if len(fresh) == 0 {
		t.state.Questions = nil
		for i := range t.site.content.Questions {
			fresh = append(fresh, &t.site.content.Questions[i])
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return t.ask1(fresh[t.event.Seed%uint64(len(fresh))], nil)
}

func (s *Site) question(id string) *Question {
	for i := range s.content.Questions {
		if q := &s.content.Questions[i]; q.ID == id {
			return q
		}
	}
	return nil
}

func quizAsk(t *turn, args []string) *Page {
	question := t.site.question(args[0])
	if question == nil {
		return nil
	}
	return t.ask1(question, nil)
}

// ask1 puts one question. There is no countdown and no score.
func (t *turn) ask1(question *Question, intro i18n.Text) *Page {
	key := "quiz." + question.ID
	text := i18n.Join(intro, t.text(i18n.Key(key+".ask")))
	var rows [][]Button
	for _, choice := range question.Choices {
		rows = append(rows, []Button{{Label: t.line(i18n.Key(key + "." + choice)), Path: join("quiz", question.ID, choice)}})
	}
	return t.page(join("quiz", question.ID), text, rows...)
}

func quizAnswer(t *turn, args []string) *Page {
	question := t.site.question(args[0])
	if question == nil || !has(question.Choices, args[1]) {
		return nil
	}
	right := args[1] == question.Right
	t.state.Questions = remember(t.state.Questions, question.ID, recentQuestions)
	if today := t.site.QuestionOf(t.event.At); today == question && t.state.QuizDay != day(t.event.At) {
		t.state.QuizDay, t.state.QuizRight = day(t.event.At), right
	}
	return t.explain(question, right, args[1])
}

// explain tells the answer and why, kindly when it was another one.
func (t *turn) explain(question *Question, right bool, chosen string) *Page {
	key := "quiz." + question.ID
	verdict := t.text("quiz.right")
	if !right {
		verdict = t.text("quiz.better", i18n.With("Answer", t.line(i18n.Key(key+"."+question.Right))))
		if chosen != "" {
			verdict = i18n.Join(verdict, t.text(i18n.Key(key+".not_"+chosen)))
		}
	}
	text := i18n.Join(i18n.Text{{Text: t.line(i18n.Key(key + ".ask")), Style: i18n.Italic}}, verdict, t.text(i18n.Key(key+".why")))
	path := join("quiz", question.ID)
	if chosen != "" {
		path = join("quiz", question.ID, chosen)
	}
	rows := [][]Button{{t.link("quiz/next"), t.link("tips")}}
	if t.site.topics[question.Topic] != nil {
		rows = append(rows, []Button{t.link(join("help", question.Topic))})
	}
	return t.page(path, text, append(rows, []Button{t.link("home")})...)
}
