package main

import (
	"context"
	"sync"

	"plenary/internal/jobs"
	"plenary/internal/webhook"
)

// webhooks tells what is public to addresses that are.
var webhooks = webhook.New(webhook.Options{})

// work does what is in the outbox, and takes what inbox gives, if it is not nil, until ctx is done. The function that it gives waits until that has ended.
func (i *installation) work(ctx context.Context, inbox func(context.Context) (int, error)) (wait func()) {
	ctx, cancel := context.WithCancel(ctx)
	o := jobs.Options{App: i.app, Log: i.log, Tell: webhooks.Send, Inbox: inbox, Meter: i.meter, Tracing: i.tracing}
	if i.mail != nil {
		o.Send = i.mail.SendPost
	}
	worker := jobs.New(o)
	var under sync.WaitGroup
	under.Go(func() {
		defer func() {
			if r := recover(); r != nil {
				i.log.Error("panic in the worker: nothing is sent until the program is started again", "panic", r)
			}
		}()
		worker.Run(ctx)
	})
	return func() {
		cancel()
		under.Wait()
	}
}
