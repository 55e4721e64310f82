// Prints these operations ("GET /channels/{channel_id}" …) and all schemas of Discord's description as JSON.
// Called by discord_description.py in a folder where npm has installed discord-api-spec, zod and typescript.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";

const wanted = new Set(process.argv.slice(2));
const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const ts = require("typescript");
const build = "node_modules/discord-api-spec/build";

// Schemas: each object is strict, so that a property that Discord does not name is an error.
const source = readFileSync(`${build}/discord-api-spec.zod.js`, "utf8");
const strict = source.replace("let zObject = z.object;", "let zObject = z.strictObject;");
if (strict === source) throw new Error("the package no longer has the line that makes objects strict");
writeFileSync("strict.mjs", strict);
const z = await import(pathToFileURL(`${process.cwd()}/node_modules/zod/index.js`));
const registry = z.registry();
for (const [name, schema] of Object.entries(await import(pathToFileURL(`${process.cwd()}/strict.mjs`)))) {
  if (name.endsWith("Schema")) registry.add(schema, { id: name.slice(0, -"Schema".length) });
}
const schemas = z.toJSONSchema(registry, { uri: (id) => `#/$defs/${id}`, unrepresentable: "any", io: "input" }).schemas;

// Operations: the interface `Paths` of the types, since zod has no queries and no bodies written in place.
function schemaOf(node) {
  if (ts.isParenthesizedTypeNode(node)) return schemaOf(node.type);
  if (ts.isTypeReferenceNode(node)) return { $ref: `#/$defs/${node.typeName.text}` };
  if (ts.isArrayTypeNode(node)) return { type: "array", items: schemaOf(node.elementType) };
  if (ts.isUnionTypeNode(node)) return { anyOf: node.types.map(schemaOf) };
  if (ts.isTypeLiteralNode(node)) {
    const properties = Object.fromEntries(node.members.map((m) => [m.name.text, schemaOf(m.type)]));
    const required = node.members.filter((m) => !m.questionToken).map((m) => m.name.text);
    return { type: "object", properties, ...(required.length && { required }), additionalProperties: false };
  }
  if (ts.isLiteralTypeNode(node)) {
    return node.literal.kind === ts.SyntaxKind.NullKeyword ? { type: "null" } : { const: JSON.parse(node.getText()) };
  }
  const words = { StringKeyword: "string", NumberKeyword: "number", BooleanKeyword: "boolean" };
  const type = words[ts.SyntaxKind[node.kind]];
  if (type) return { type };
  if (["UnknownKeyword", "UndefinedKeyword", "NeverKeyword"].includes(ts.SyntaxKind[node.kind])) return null;
  throw new Error(`no JSON Schema for ${node.getText()}`);
}

const member = (node, name) => node.members.find((each) => each.name.text === name).type;
const types = ts.createSourceFile("types.ts", readFileSync(`${build}/discord-api-spec.ts`, "utf8"), ts.ScriptTarget.Latest, true);
const paths = types.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === "Paths");
const operations = {};
for (const path of paths.members) {
  for (const method of path.type.members) {
    const name = `${method.name.text.toUpperCase()} ${path.name.text}`;
    if (!wanted.delete(name)) continue;
    const query = schemaOf(member(member(method.type, "parameters"), "query"));
    operations[name] = {
      query: query?.properties ?? {},
      body: schemaOf(member(method.type, "requestBody")),
      answers: Object.fromEntries(member(method.type, "responses").members.map((each) => [each.name.text, schemaOf(each.type)])),
    };
  }
}
if (wanted.size) throw new Error(`Discord has no ${[...wanted].join(", ")}`);
console.log(JSON.stringify({ operations, schemas }));
