package main

import (
	"fmt"
	"math/rand/v2"

	"notalone/bot/redisstore"
)

type keygenCmd struct{}

// Run implements the command.
func (keygenCmd) Run() error {
	_, err := fmt.Println(redisstore.NewSecret())
	return err
}

// seed is the randomness of a turn. It picks tips and questions and guards nothing.
func seed() uint64 { return rand.Uint64() }
