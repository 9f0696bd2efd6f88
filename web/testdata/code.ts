// Prints the QR codes of texts of many lengths: see TestCodesOfTheDeviceAreRead.
import { codeOf } from "./agenda/qr";

// How many bytes fit into each version at level L: table 7 of ISO/IEC 18004.
const fits = [17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858, 929, 1003, 1091, 1171, 1273, 1367, 1465, 1528, 1628, 1732];
const address = "https://agenda.example/vidw-2025/#stars=PAN01.";
const textOf = (n: number) => (address + "KEY1.TALK22.WS7.".repeat(120)).slice(0, n);
console.log(JSON.stringify(["Đại hội", ...fits.map(textOf), textOf(1733)].map((text) => ({ text, code: codeOf(text) }))));
