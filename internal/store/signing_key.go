package store

import (
	"time"

	"gorm.io/gorm/clause"
)

type signingKeyRow struct {
	Name    string `gorm:"column:name;primaryKey"`
	Secret  string `gorm:"column:secret"`
	Created int64  `gorm:"column:created_at"`
}

func (signingKeyRow) TableName() string { return "signing_keys" }

// SigningKey gives the secret of that name, or NotFound.
func (tx *Tx) SigningKey(name string) (string, error) {
	return one(tx.db.Where("name = ?", name), "signing key", func(r signingKeyRow) string { return r.Secret })
}

// MakeSigningKey keeps the secret under the name, unless there is one already, and gives the one that is kept.
func (tx *Tx) MakeSigningKey(name, secret string, at time.Time) (string, error) {
	row := &signingKeyRow{Name: name, Secret: secret, Created: millis(at)}
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(row).Error; err != nil {
		return "", fault("make signing key", err, wording{noun: "signing key"})
	}
	return tx.SigningKey(name)
}
