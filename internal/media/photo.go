package media

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

const (
	// maxPixels is how many pixels a picture may have: what a camera of 24 megapixels makes, and what is decoded in some
	// hundred megabytes of memory at the worst (a progressive JPEG, whose coefficients are all kept).
	maxPixels = 25_000_000
	// maxEdge is how long an edge may be: what scales such a picture needs memory for each of its rows.
	maxEdge = 16_384
	// photoEdge is the longest edge of a photo as it is kept, in pixels.
	photoEdge    = 1024
	photoQuality = 85 // of a JPEG
)

// Picture is a photo as it is kept.
type Picture struct {
	Bytes         []byte
	Type          string // of media: image/jpeg, or image/png where it is transparent
	Extension     string // ".jpg" or ".png"
	Width, Height int    // pixels
}

// decoding is held while a picture is decoded: one at a time bounds the memory that pictures take.
var decoding sync.Mutex

// Photo draws a picture anew: upright, with edges of at most 1024 pixels, without anything that the file said besides
// (EXIF, where it was taken, comments, colour profiles, what follows its end). It takes JPEG, PNG and WebP of at most 25
// million pixels; the error is agenda.Invalid.
func Photo(data []byte) (Picture, error) {
	f, known := pictureOf(data)
	switch {
	case len(data) == 0:
		return Picture{}, refuse("The file is empty.")
	case len(data) > MaxPhoto:
		return Picture{}, refuse("The photo is larger than %d MiB.", MaxPhoto>>20)
	case !known:
		return Picture{}, refuse("The file is not a photo that can be taken: send a JPEG, PNG or WebP.")
	}
	if err := f.check(data); err != nil {
		return Picture{}, err
	}
	decoding.Lock()
	defer decoding.Unlock()
	whole, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return Picture{}, refuse("The %s is damaged or incomplete: %w", f.name, err)
	}
	if size := whole.Bounds().Size(); size.X < 1 || size.Y < 1 {
		return Picture{}, refuse("The %s has no pixels.", f.name)
	}
	return encode(turn(shrink(whole), orientation(f.exif(data))))
}

// shrink gives the picture with edges of at most photoEdge.
func shrink(whole image.Image) *image.RGBA {
	from := whole.Bounds()
	width, height := from.Dx(), from.Dy()
	if longest := max(width, height); longest > photoEdge {
		width, height = max(1, width*photoEdge/longest), max(1, height*photoEdge/longest)
	}
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	if width == from.Dx() && height == from.Dy() {
		draw.Draw(to, to.Bounds(), whole, from.Min, draw.Src)
		return to
	}
	switch whole.(type) {
	case *image.YCbCr, *image.NRGBA, *image.RGBA, *image.Gray:
	default: // what the scaler would look at pixel by pixel, several times
		plain := image.NewRGBA(from)
		draw.Draw(plain, from, whole, from.Min, draw.Src)
		whole = plain
	}
	draw.CatmullRom.Scale(to, to.Bounds(), whole, from, draw.Src, nil)
	return to
}

// turn gives the picture upright: how says how it lies, as EXIF does (1 to 8; CIPA DC-008, 4.6.5.1.6).
func turn(lying *image.RGBA, how int) *image.RGBA {
	if how < 2 || how > 8 {
		return lying
	}
	w, h := lying.Rect.Dx(), lying.Rect.Dy()
	upright := image.NewRGBA(image.Rect(0, 0, w, h))
	if how >= 5 {
		upright = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			toX, toY := x, y
			switch how {
			case 2:
				toX = w - 1 - x
			case 3:
				toX, toY = w-1-x, h-1-y
			case 4:
				toY = h - 1 - y
			case 5:
				toX, toY = y, x
			case 6:
				toX, toY = h-1-y, x
			case 7:
				toX, toY = h-1-y, w-1-x
			case 8:
				toX, toY = y, w-1-x
			}
			upright.SetRGBA(toX, toY, lying.RGBAAt(x, y))
		}
	}
	return upright
}

func encode(upright *image.RGBA) (Picture, error) {
	p := Picture{Type: "image/jpeg", Extension: ".jpg", Width: upright.Rect.Dx(), Height: upright.Rect.Dy()}
	var b bytes.Buffer
	var err error
	if upright.Opaque() {
		err = jpeg.Encode(&b, upright, &jpeg.Options{Quality: photoQuality})
	} else {
		p.Type, p.Extension = "image/png", ".png"
		err = png.Encode(&b, upright)
	}
	p.Bytes = b.Bytes()
	return p, err
}

// check says why the picture is not decoded.
func (f pictureFormat) check(data []byte) error {
	config, err := f.config(data)
	switch {
	case err != nil:
		return refuse("The %s is damaged or incomplete: %w", f.name, err)
	case config.Width < 1 || config.Height < 1:
		return refuse("The %s has no pixels.", f.name)
	case config.Width > maxEdge || config.Height > maxEdge || config.Width*config.Height > maxPixels:
		return refuse("The %s has %d × %d pixels; at most %d million fit, and %d along an edge.", f.name, config.Width, config.Height,
			maxPixels/1_000_000, maxEdge)
	}
	return nil
}

// These read no more than the header, which the decoders hold the rest to.
func jpegConfig(data []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(data)) }
func pngConfig(data []byte) (image.Config, error)  { return png.DecodeConfig(bytes.NewReader(data)) }
func webpConfig(data []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(data)) }
