# cmake -D OUT=file.c -D HEADER=name.h -D SYMBOL=name -D FILES=a;b -P embed.cmake
# Writes the files' bytes as a C table, so that a program needs no files beside it.
set(table "")
set(arrays "")
set(number 0)
foreach(file ${FILES})
    file(READ ${file} bytes HEX)
    string(LENGTH "${bytes}" size)
    math(EXPR size "${size} / 2")
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "(................................................................................)"
        "\\1\n" bytes "${bytes}")
    get_filename_component(name ${file} NAME)
    string(APPEND arrays "static const unsigned char file_${number}[] = {\n${bytes}};\n")
    string(APPEND table "    {\"${name}\", file_${number}, ${size}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "/* Made by embed.cmake. */\n#include \"${HEADER}\"\n\n${arrays}\n\
const struct embedded ${SYMBOL}[] = {\n${table}};\nconst size_t ${SYMBOL}_count = ${number};\n")
