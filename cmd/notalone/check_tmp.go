package main

func (checkCmd) Run() error { return nil }
