// A SCIM target made of SCIMMY, with its accounts in memory. It prints its port, and answers on loopback only.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const stores = { User: new Map(), Group: new Map() };

function serve(kind, resource) {
    const store = stores[kind];
    const unique = kind === "User" ? "userName" : "displayName";
    SCIMMY.Resources.declare(resource)
        .ingress((asked, data) => {
            const id = asked.id ?? randomUUID();
            if (asked.id && !store.has(asked.id)) throw new SCIMMY.Types.Error(404, null, `${id} not found`);
            const taken = [...store.values()].some((one) => one.id !== id && one[unique] === data[unique]);
            if (taken) throw new SCIMMY.Types.Error(409, "uniqueness", `${unique} is taken`);
            const now = new Date().toISOString();
            const created = store.get(id)?.meta.created ?? now;
            store.set(id, { ...JSON.parse(JSON.stringify(data)), id, meta: { created, lastModified: now } });
            return store.get(id);
        })
        .egress((asked) => {
            if (!asked.id) return asked.filter ? asked.filter.match([...store.values()]) : [...store.values()];
            if (!store.has(asked.id)) throw new SCIMMY.Types.Error(404, null, `${asked.id} not found`);
            return store.get(asked.id);
        })
        .degress((asked) => {
            if (!store.delete(asked.id)) throw new SCIMMY.Types.Error(404, null, `${asked.id} not found`);
        });
}

serve("User", SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false));
serve("Group", SCIMMY.Resources.Group);

const expected = `Bearer ${process.env.SCIM_TOKEN}`;
const handler = (request) => {
    if (request.header("Authorization") !== expected) throw new Error("The token is wrong.");
    return "entra";
};
const listening = express()
    .use("/scim/v2", new SCIMMYRouters({ type: "bearer", handler }))
    .listen(0, "127.0.0.1", () => console.log(listening.address().port));
