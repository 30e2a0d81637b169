/* errno is the return code of CMS's function that failed (enum file_rc of cms/kit/cms.h). */
#ifndef _ERRNO_H
#define _ERRNO_H

extern int errno;
#define ENOENT 1
#define EDOM   101
#define ERANGE 102
#define EINVAL 24
#define ENOSPC 13
#define EROFS  12

#endif
