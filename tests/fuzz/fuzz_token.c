/* Tokens: the first byte says whether the rest is a whole token, which must never be believed (the
 * inputs know no key), or claims as they stand behind a good signature. */
#include <stdio.h>
#include <unistd.h>

#include "claims.h"
#include "fuzz.h"
#include "jwt.h"
#include "log.h"
#include "unpack.h"

/* A public key whose private half nobody kept. */
static const char key_set[] = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"ec-1\","
                              "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
                              "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}]}";

static struct arena *arena;
static struct jwt *jwt;
static const struct auth_config config = {
    .limits = {LIMIT_NONE, LIMIT_NONE, LIMIT_NONE, LIMIT_NONE, LIMIT_NONE, LIMIT_NONE}};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char path[] = "/tmp/traction-fuzz-XXXXXX";
    int fd = mkstemp(path);

    (void)argc;
    (void)argv;
    MUST(fd >= 0 && write(fd, key_set, sizeof key_set - 1) == (ssize_t)sizeof key_set - 1);
    close(fd);
    arena = arena_new();
    /* Random, so that no input in the corpus can be a valid token. */
    char secret[32];
    FILE *random = fopen("/dev/urandom", "re");
    MUST(random && fread(secret, 1, sizeof secret, random) == sizeof secret);
    fclose(random);
    jwt = jwt_new((struct str){secret, sizeof secret}, STR_NONE, path);
    MUST(jwt);
    unlink(path);
    return 0;
}

static void read_claims(struct str text)
{
    json_t *claims = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    struct identity identity;

    if (claims && json_is_object(claims) && !claims_read(claims, &config, arena, &identity)) {
        MUST(identity.tenant.size > 0 && utf8_length(identity.tenant) <= 128);
        MUST(identity.user.size > 0 && utf8_length(identity.user) <= 128);
        MUST(!identity.name.data || utf8_length(identity.name) <= 200);
        MUST(identity.expires_s >= 0 && identity.begins_s >= 0 && identity.issued_s >= 0);
    }
    json_decref(claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct str text = fuzz_exact(data + 1, size - 1);
    bool unknown;
    if (data[0] == 'c')
        read_claims(text);
    else
        MUST(!jwt_verify(jwt, text, &unknown));
    arena_reset(arena);
    free((void *)(uintptr_t)text.data);
    return 0;
}
