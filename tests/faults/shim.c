/* Stands between a program and its disk, by LD_PRELOAD: records what is done to the files of one folder, or lets one
   operation fail. See tests/faults/disk.py, which compiles it and speaks to it.

   FAULTS_FOLDER   the folder, absolute
   FAULTS_LOG      a file outside of it for the record; without it nothing is recorded
   FAULTS_IGNORE_FSYNC=1   a lying disk: fsync is neither recorded nor done (to see that a campaign notices) */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST 4096
#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

enum { OPEN = 1, WRITE, TRUNCATE, FSYNC, UNLINK, RENAME, MKDIR, MARK };

static const char *folder;
static size_t folder_length;
static int log_fd = -1;
static int lies;
static uint32_t handles[MOST]; /* by descriptor; 0: a file that is not ours */
static uint32_t last_handle;
static long done, fails_at;
static int fails_with, fails_on;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FAULTS_LOG");
    folder = getenv("FAULTS_FOLDER");
    folder_length = folder ? strlen(folder) : 0;
    lies = getenv("FAULTS_IGNORE_FSYNC") != NULL;
    if (path != NULL) {
        REAL(open);
        log_fd = real(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    }
}

static int ours(const char *path)
{
    return folder != NULL && path != NULL && strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == '\0');
}

static uint32_t handle_of(int fd)
{
    return fd >= 0 && fd < MOST ? handles[fd] : 0;
}

/* One more operation: whether it is the one that fails. fails_on: every later one fails, too. */
static int fails(void)
{
    done++;
    if (fails_at == 0 || done < fails_at || (done > fails_at && !fails_on))
        return 0;
    errno = fails_with;
    return 1;
}

static void put(const void *data, size_t length)
{
    REAL(write);
    const char *rest = data;
    while (length > 0) {
        ssize_t written = real(log_fd, rest, length);
        if (written <= 0)
            abort();
        rest += written;
        length -= (size_t)written;
    }
}

/* A record: kind (1 byte), handle (4), offset or flags (8), length (4), data. */
static void note(unsigned char kind, uint32_t handle, uint64_t number, const void *data, uint32_t length)
{
    if (log_fd < 0)
        return;
    int before = errno;
    unsigned char head[17];
    head[0] = kind;
    memcpy(head + 1, &handle, 4);
    memcpy(head + 5, &number, 8);
    memcpy(head + 13, &length, 4);
    put(head, sizeof head);
    put(data, length);
    errno = before;
}

void faults_mark(uint64_t number) { note(MARK, 0, number, "", 0); }
long faults_done(void) { return done; }
void faults_arm(long at, int with, int on)
{
    done = 0;
    fails_at = at;
    fails_with = with;
    fails_on = on;
}

static int opened(int fd, const char *path, int flags)
{
    if (fd >= 0 && fd < MOST) {
        handles[fd] = ours(path) ? ++last_handle : 0;
        if (handles[fd])
            note(OPEN, handles[fd], (uint64_t)(flags & (O_CREAT | O_TRUNC)), path, (uint32_t)strlen(path));
    }
    return fd;
}

#define OPENER(name)                                                                                                  \
    int name(const char *path, int flags, ...)                                                                        \
    {                                                                                                                 \
        REAL(name);                                                                                                   \
        va_list rest;                                                                                                 \
        va_start(rest, flags);                                                                                        \
        mode_t mode = (mode_t)va_arg(rest, int);                                                                      \
        va_end(rest);                                                                                                 \
        if (ours(path) && (flags & O_CREAT) && fails())                                                               \
            return -1;                                                                                                \
        return opened(real(path, flags, mode), path, flags);                                                          \
    }
OPENER(open)
OPENER(open64)

#define OPENER_AT(name)                                                                                               \
    int name(int at, const char *path, int flags, ...)                                                                \
    {                                                                                                                 \
        REAL(name);                                                                                                   \
        va_list rest;                                                                                                 \
        va_start(rest, flags);                                                                                        \
        mode_t mode = (mode_t)va_arg(rest, int);                                                                      \
        va_end(rest);                                                                                                 \
        if (ours(path) && (flags & O_CREAT) && fails())                                                               \
            return -1;                                                                                                \
        return opened(real(at, path, flags, mode), path, flags);                                                      \
    }
OPENER_AT(openat)
OPENER_AT(openat64)

int close(int fd)
{
    REAL(close);
    if (fd >= 0 && fd < MOST)
        handles[fd] = 0;
    return real(fd);
}

ssize_t write(int fd, const void *data, size_t length)
{
    REAL(write);
    uint32_t handle = handle_of(fd);
    if (!handle)
        return real(fd, data, length);
    if (fails())
        return -1;
    off_t at = lseek(fd, 0, SEEK_CUR);
    struct stat state;
    if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &state) == 0)
        at = state.st_size;
    ssize_t written = real(fd, data, length);
    if (written > 0)
        note(WRITE, handle, (uint64_t)at, data, (uint32_t)written);
    return written;
}

#define WRITER(name, offset)                                                                                          \
    ssize_t name(int fd, const void *data, size_t length, offset at)                                                  \
    {                                                                                                                 \
        REAL(name);                                                                                                   \
        uint32_t handle = handle_of(fd);                                                                              \
        if (handle && fails())                                                                                        \
            return -1;                                                                                                \
        ssize_t written = real(fd, data, length, at);                                                                 \
        if (handle && written > 0)                                                                                    \
            note(WRITE, handle, (uint64_t)at, data, (uint32_t)written);                                               \
        return written;                                                                                               \
    }
WRITER(pwrite, off_t)
WRITER(pwrite64, off64_t)

#define CUTTER(name, offset)                                                                                          \
    int name(int fd, offset length)                                                                                   \
    {                                                                                                                 \
        REAL(name);                                                                                                   \
        uint32_t handle = handle_of(fd);                                                                              \
        if (handle && fails())                                                                                        \
            return -1;                                                                                                \
        int said = real(fd, length);                                                                                  \
        if (handle && said == 0)                                                                                      \
            note(TRUNCATE, handle, (uint64_t)length, "", 0);                                                          \
        return said;                                                                                                  \
    }
CUTTER(ftruncate, off_t)
CUTTER(ftruncate64, off64_t)

#define FLUSHER(name)                                                                                                 \
    int name(int fd)                                                                                                  \
    {                                                                                                                 \
        REAL(name);                                                                                                   \
        uint32_t handle = handle_of(fd);                                                                              \
        if (handle && fails())                                                                                        \
            return -1;                                                                                                \
        if (handle && lies)                                                                                           \
            return 0;                                                                                                 \
        int said = real(fd);                                                                                          \
        if (handle && said == 0)                                                                                      \
            note(FSYNC, handle, 0, "", 0);                                                                            \
        return said;                                                                                                  \
    }
FLUSHER(fsync)
FLUSHER(fdatasync)

int unlink(const char *path)
{
    REAL(unlink);
    int is_ours = ours(path);
    if (is_ours && fails())
        return -1;
    int said = real(path);
    if (is_ours && said == 0)
        note(UNLINK, 0, 0, path, (uint32_t)strlen(path));
    return said;
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    int is_ours = ours(from) && ours(to);
    if (is_ours && fails())
        return -1;
    int said = real(from, to);
    if (is_ours && said == 0) {
        char both[8192];
        size_t length = strlen(from);
        if (length + strlen(to) + 2 > sizeof both)
            abort();
        strcpy(both, from);
        strcpy(both + length + 1, to);
        note(RENAME, 0, 0, both, (uint32_t)(length + 1 + strlen(to)));
    }
    return said;
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    int is_ours = ours(path);
    if (is_ours && fails())
        return -1;
    int said = real(path, mode);
    if (is_ours && said == 0)
        note(MKDIR, 0, 0, path, (uint32_t)strlen(path));
    return said;
}
