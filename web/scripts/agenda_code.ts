// Draws QR codes (ISO/IEC 18004) of addresses that no server is told of, on the device itself and without a network. It is
// fetched when one is wanted.
import { codeOf } from "./agenda/qr";

Object.assign(globalThis, { plenaryCode: codeOf });
