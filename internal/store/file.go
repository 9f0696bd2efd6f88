package store

import (
	"slices"
	"time"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type fileRow struct {
	Name      string `gorm:"column:name;primaryKey"`
	Kind      string `gorm:"column:kind"`
	MediaType string `gorm:"column:media_type"`
	FileName  string `gorm:"column:file_name"`
	Size      int    `gorm:"column:size"`
	SHA256    string `gorm:"column:sha256"`
	Width     int    `gorm:"column:width"`
	Height    int    `gorm:"column:height"`
	Created   int64  `gorm:"column:created_at"`
}

func (fileRow) TableName() string { return "files" }

func (r fileRow) file() agenda.File {
	return agenda.File{Name: r.Name, Kind: agenda.FileKind(r.Kind), MediaType: r.MediaType, FileName: r.FileName, Size: r.Size,
		SHA256: r.SHA256, Width: r.Width, Height: r.Height, Created: instant(r.Created)}
}

type filePartRow struct {
	File   string `gorm:"column:file;primaryKey"`
	Number int    `gorm:"column:number;primaryKey"`
	Bytes  []byte `gorm:"column:bytes"`
}

func (filePartRow) TableName() string { return "file_parts" }

// FilePart is how many bytes of a file are kept in one row, and read at once. The last part has fewer.
const FilePart = 512 << 10

type materialRow struct {
	ID      string `gorm:"column:id;primaryKey"`
	EventID string `gorm:"column:event_id"`
	PanelID string `gorm:"column:panel_id"`
	File    string `gorm:"column:file"`
	Title   string `gorm:"column:title"`
	Public  bool   `gorm:"column:public"`
	Created int64  `gorm:"column:created_at"`
}

func (materialRow) TableName() string { return "materials" }

// materialFile is a material with what its file has.
type materialFile struct {
	Row       materialRow `gorm:"embedded"`
	MediaType string      `gorm:"column:media_type"`
	FileName  string      `gorm:"column:file_name"`
	Size      int         `gorm:"column:size"`
}

func (materialFile) TableName() string { return "materials" }

func (r materialFile) material() agenda.Material {
	return agenda.Material{ID: agenda.ID(r.Row.ID), File: r.Row.File, Title: r.Row.Title, FileName: r.FileName, MediaType: r.MediaType, Size: r.Size,
		Public: r.Row.Public, Created: instant(r.Row.Created)}
}

type releaseFileRow struct {
	ReleaseID string `gorm:"column:release_id;primaryKey"`
	File      string `gorm:"column:file;primaryKey"`
}

func (releaseFileRow) TableName() string { return "release_files" }

// InsertFile keeps a file with its bytes.
func (tx *Tx) InsertFile(f agenda.File, content []byte) error {
	w := wording{noun: "file"}
	row := &fileRow{f.Name, string(f.Kind), f.MediaType, f.FileName, len(content), f.SHA256, f.Width, f.Height, millis(f.Created)}
	if err := insert(tx, []*fileRow{row}, w); err != nil {
		return err
	}
	n := 0
	for part := range slices.Chunk(content, FilePart) {
		if err := insert(tx, []*filePartRow{{f.Name, n, part}}, w); err != nil {
			return err
		}
		n++
	}
	return nil
}

// CopyFile keeps a file a second time under the name of copy, with the bytes that it has. The error is agenda.NotFound when
// there is none of that name.
func (tx *Tx) CopyFile(name, copy string, created time.Time) error {
	done := tx.db.Exec(`INSERT INTO files (name, kind, media_type, file_name, size, sha256, width, height, created_at)
		SELECT ?, kind, media_type, file_name, size, sha256, width, height, ? FROM files WHERE name = ?`, copy, millis(created), name)
	if done.Error == nil && done.RowsAffected == 0 {
		return missing("file")
	}
	if done.Error == nil {
		done = tx.db.Exec("INSERT INTO file_parts (file, number, bytes) SELECT ?, number, bytes FROM file_parts WHERE file = ?", copy, name)
	}
	return fault("copy file", done.Error, wording{noun: "file"})
}

// FilePart gives the bytes of a file from n times [FilePart] on.
func (tx *Tx) FilePart(name string, n int) ([]byte, error) {
	return one(tx.db.Where("file = ? AND number = ?", name, n), "file", func(r filePartRow) []byte { return r.Bytes })
}

// EventFile gives a file that the event has in its draft, or that one of its releases refers to.
func (tx *Tx) EventFile(event agenda.ID, name string) (agenda.File, error) {
	return one(tx.db.Where(`name = ? AND (
		name IN (SELECT file FROM materials WHERE event_id = ?)
		OR name IN (SELECT p.photo FROM people p JOIN participants a ON a.person_id = p.id WHERE a.event_id = ? AND p.photo = ?)
		OR name IN (SELECT f.file FROM release_files f JOIN releases r ON r.id = f.release_id WHERE r.event_id = ? AND f.file = ?))`,
		name, event, event, name, event, name), "file", fileRow.file)
}

// ReleaseFile gives a file that the release refers to.
func (tx *Tx) ReleaseFile(release agenda.ID, name string) (agenda.File, error) {
	return one(tx.db.Where("name = ? AND name IN (SELECT file FROM release_files WHERE release_id = ? AND file = ?)", name, release, name),
		"file", fileRow.file)
}

// InsertReleaseFiles notes which files a release refers to. The error is agenda.Taken when one of them is gone.
func (tx *Tx) InsertReleaseFiles(release agenda.ID, names []string) error {
	rows := make([]*releaseFileRow, 0, len(names))
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		rows = append(rows, &releaseFileRow{string(release), name})
	}
	return insert(tx, rows, wording{noun: "release", used: "A photo or a material was replaced meanwhile. Try again."})
}

// RenameFile changes what a file is called when it is saved. One that is gone is no error.
func (tx *Tx) RenameFile(name, fileName string) error {
	var of []materialRow
	if err := tx.db.Where("file = ?", name).Order("id").Find(&of).Error; err != nil {
		return fault("read materials", err, wording{})
	}
	for _, m := range of {
		tx.touch(agenda.ID(m.EventID), agenda.PanelSerial, agenda.ID(m.PanelID))
	}
	return fault("rename file", tx.db.Model(&fileRow{}).Where("name = ?", name).Updates(map[string]any{"file_name": fileName}).Error, wording{noun: "file"})
}

// SweepFiles removes the files that nothing refers to any more: no person, no panel and no release.
func (tx *Tx) SweepFiles() error {
	const unused = `NOT EXISTS (SELECT 1 FROM people WHERE people.photo = files.name)
		AND NOT EXISTS (SELECT 1 FROM materials WHERE materials.file = files.name)
		AND NOT EXISTS (SELECT 1 FROM release_files WHERE release_files.file = files.name)`
	var names []string
	q := tx.db.Model(&fileRow{}).Where(unused).Order("name")
	if tx.dialect == postgresDialect {
		// Whoever is about to publish one of them is waited for, and then it is looked again.
		q = tx.db.Raw("SELECT name FROM files WHERE " + unused + " ORDER BY name FOR UPDATE")
	}
	if err := q.Pluck("name", &names).Error; err != nil {
		return fault("read files", err, wording{})
	}
	for part := range slices.Chunk(names, chunk) {
		if err := tx.db.Where("name IN ? AND "+unused, part).Delete(&fileRow{}).Error; err != nil {
			return fault("delete files", err, wording{noun: "file"})
		}
	}
	return nil
}

// InsertMaterial adds a material to a panel. Its file is there already.
func (tx *Tx) InsertMaterial(event, panel agenda.ID, m agenda.Material) error {
	tx.touch(event, agenda.PanelSerial, panel)
	row := &materialRow{string(m.ID), string(event), string(panel), m.File, m.Title, m.Public, millis(m.Created)}
	return insert(tx, []*materialRow{row}, wording{noun: "material", refers: "There is no such panel."})
}

// DeleteMaterial removes a material of a panel. Its file goes with [Tx.SweepFiles].
func (tx *Tx) DeleteMaterial(event, panel, id agenda.ID) error {
	tx.touch(event, agenda.PanelSerial, panel)
	done := tx.of(event).Where("panel_id = ? AND id = ?", panel, id).Delete(&materialRow{})
	if done.Error == nil && done.RowsAffected == 0 {
		return missing("material")
	}
	return fault("delete material", done.Error, wording{noun: "material"})
}

// materials gives the materials of the panels that parts asks for, by panel, oldest first.
func (tx *Tx) materials(parts *gorm.DB) (map[string][]agenda.Material, error) {
	rows, err := all[materialFile](parts.Select("materials.*, files.media_type, files.file_name, files.size").
		Joins("JOIN files ON files.name = materials.file"), "materials.created_at, materials.id")
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	found := map[string][]agenda.Material{}
	for _, r := range rows {
		found[r.Row.PanelID] = append(found[r.Row.PanelID], r.material())
	}
	return found, nil
}
