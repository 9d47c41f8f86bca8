/* The zip file through libzip. Knows nothing of what is in it. */
#include "docx_package.h"

#include <assert.h>
#include <stdlib.h>
#include <zip.h>

/* Deflate's middle: the last levels take twice the time for a twentieth less. */
enum { COMPRESSION = 4 };

struct package {
    zip_source_t *archive; /* the finished bytes */
    zip_t *zip;            /* NULL once closed */
    time_t modified;
    const char *failure; /* NULL while all is well */
};

struct package *package_new(struct timestamp modified)
{
    struct package *package = calloc(1, sizeof *package);
    zip_error_t error;

    assert(package != NULL);
    zip_error_init(&error);
    package->modified = (time_t)(modified.us / 1000000);
    package->archive = zip_source_buffer_create(NULL, 0, 0, &error);
    assert(package->archive != NULL);  /* out of memory */
    zip_source_keep(package->archive); /* the archive frees its own hold when it closes */
    package->zip = zip_open_from_source(package->archive, ZIP_TRUNCATE, &error);
    if (package->zip == NULL) {
        zip_source_free(package->archive);
        package->failure = "cannot begin the archive";
    }
    zip_error_fini(&error);
    return package;
}

void package_destroy(struct package **package)
{
    if (*package == NULL)
        return;
    if ((*package)->zip != NULL)
        zip_discard((*package)->zip);
    zip_source_free((*package)->archive);
    free(*package);
    *package = NULL;
}

void package_add(struct package *package, const char *name, char *bytes, size_t size,
                 bool compressed)
{
    zip_source_t *source;
    zip_int64_t index;
    zip_uint64_t at;

    if (package->failure != NULL) {
        free(bytes);
        return;
    }
    source = zip_source_buffer(package->zip, bytes, size, 1);
    assert(source != NULL); /* out of memory */
    index = zip_file_add(package->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        package->failure = "cannot add to the archive";
        return;
    }
    at = (zip_uint64_t)index;
    if (zip_set_file_compression(package->zip, at, compressed ? ZIP_CM_STORE : ZIP_CM_DEFLATE,
                                 compressed ? 0 : COMPRESSION) < 0 ||
        zip_file_set_mtime(package->zip, at, package->modified, 0) < 0)
        package->failure = "cannot set up an entry of the archive";
}

void package_add_xml(struct package *package, const char *name, struct xml *xml)
{
    if (xml_end(xml))
        package_add(package, name, xml->bytes, xml->size, false);
    else if (package->failure == NULL)
        package->failure = "cannot write the document's XML";
}

static bool copy_out(struct package *package, FILE *out)
{
    static char block[64 * 1024];
    zip_int64_t got;

    if (zip_source_open(package->archive) < 0)
        return false;
    while ((got = zip_source_read(package->archive, block, sizeof block)) > 0)
        if (fwrite(block, 1, (size_t)got, out) != (size_t)got)
            break;
    zip_source_close(package->archive);
    return got == 0;
}

bool package_write(struct package *package, FILE *out, const char **why)
{
    if (package->failure == NULL && zip_close(package->zip) < 0)
        package->failure = "cannot compress the archive";
    else if (package->failure == NULL)
        package->zip = NULL;
    if (package->failure == NULL && !copy_out(package, out))
        package->failure = "error while writing to output stream";
    *why = package->failure;
    return package->failure == NULL;
}
