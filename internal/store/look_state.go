package store

import (
	"bufio"
	"compress/gzip"
	"context"
	"io"
	"time"

	"plenary/internal/agenda"
)

// Signs are what is in a database that operators should know.
type Signs struct {
	Outbox   []Outbox
	Accounts int64
	Setup    bool      // a link for making the first account works at that time
	Newest   time.Time // when the newest activity was; the zero time: there is none
}

// Signs gives them, at that time. The database must be of this program's schema.
func (s *Store) Signs(ctx context.Context, now time.Time) (g Signs, err error) {
	err = s.Read(ctx, func(tx *Tx) error {
		if g.Outbox, err = tx.Outbox(now); err != nil {
			return err
		}
		if err := tx.db.Table("accounts").Count(&g.Accounts).Error; err != nil {
			return fault("count accounts", err, wording{})
		}
		var links int64
		err := tx.db.Table("account_links").Where("purpose = ? AND used_at IS NULL AND expires_at > ?", string(agenda.ForSetup), millis(now)).Count(&links).Error
		if err != nil {
			return fault("count links", err, wording{})
		}
		g.Setup = g.Accounts == 0 && links > 0
		var newest *int64
		if err := tx.db.Raw("SELECT MAX(at) FROM activities").Scan(&newest).Error; err != nil {
			return fault("newest activity", err, wording{})
		}
		g.Newest = instantOrZero(newest)
		return nil
	})
	return g, err
}

// Archived is what a backup says of itself in its first line.
type Archived struct {
	Schema int64
	Rows   int64
}

// ReadArchived reads the beginning of a backup. Whether the rest is whole, [Store.Restore] sees.
func ReadArchived(r io.Reader) (Archived, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return Archived{}, badArchive("It is not a backup of Plenary, or it is damaged: %w", err)
	}
	line, err := bufio.NewReader(io.LimitReader(zip, 1<<20)).ReadBytes('\n')
	if err != nil {
		return Archived{}, badArchive("It is damaged or not complete: %w", err)
	}
	var h archiveHeader
	if err := decodeLine(line[:len(line)-1], &h); err != nil {
		return Archived{}, badArchive("It is not a backup of Plenary: %w", err)
	}
	if h.Format != archiveFormat {
		return Archived{}, badArchive("It is not a backup of Plenary.")
	}
	a := Archived{Schema: h.Schema}
	for _, t := range h.Tables {
		a.Rows += t.Rows
	}
	return a, nil
}
