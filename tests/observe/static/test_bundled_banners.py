"""Packages that a bundled script shows by banners, paths and manifests."""

import time

import pytest

from clearance.observe.static.supply import identify_bundled


def named(text):
    return {(p.name, p.version) for p in identify_bundled(text.encode() if isinstance(text, str) else text)}


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("/*! lodash 4.17.21 */", "lodash", "4.17.21"),
        ("/*! @azure/msal-node v3.8.1 2025-10-29 */", "@azure/msal-node", "3.8.1"),
        ("/** @license React v17.0.2\n * react.js", "react", "17.0.2"),
        ("/*!\n * axe v4.12.1\n */", "axe", "4.12.1"),
        ("/*! DOMPurify 3.0.6 | (c) Cure53 */", "dompurify", "3.0.6"),
        ("/*! jQuery-ui - v1.13.2 - 2022-07-14 */", "jquery-ui", "1.13.2"),
        ("/*! https://mths.be/punycode v1.4.1 by @mathias */", "punycode", "1.4.1"),
        ("/*! pako 2.1.0-rc.1 */", "pako", "2.1.0-rc.1"),
        ("/*! ws. MIT License. Einar Otto Stangvik <x> */", "ws", ""),
        ("x\n/*! Bundled license information:\n\nis-number/index.js:\n@a/b/lib/x.js:\n  (*! *)\n*/", "is-number", ""),
        ("x\n/*! Bundled license information:\n\nis-number/index.js:\n@a/b/lib/x.js:\n*/", "@a/b", ""),
        ("var x;\n// node_modules/zod/lib/index.mjs\nvar z", "zod", ""),
        ("  // ../../node_modules/@a/b/dist/x.js\n", "@a/b", ""),
        ("// node_modules/ink/node_modules/chalk/source/index.js\n", "chalk", ""),
        ("// node_modules/.pnpm/zod@3.22.4_x@1/node_modules/zod/lib/index.js\n", "zod", "3.22.4"),
        ('__commonJS({"node_modules/ms/index.js"(exports, module) {', "ms", ""),
        ('{"./node_modules/ms/index.js":function(e){', "ms", ""),
        ('p=(e,t)=>{t.exports={name:"gaxios",version:"6.7.1",description:"x",main:"y"}}', "gaxios", "6.7.1"),
        ('{"name": "@a/b",\n "description": "x {y}",\n "version": "1.0.0",\n "license": "MIT"}', "@a/b", "1.0.0"),
    ],
)
def test_a_package_is_known_by(text, name, version):
    assert (name, version) in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "/*! For license information please see a.js.LICENSE.txt */",
        "/*! Copyright 2020 Somebody */",
        "/* lodash 4.17.21 */",
        'if(p.includes("/node_modules/tool/bin"))',
        'join(a,"node_modules/.bin")',
        '"node_modules/tool/index.js"',
        "see node_modules/tool/index.js\n",
        '{name:"bash",version:"1.0.0"}',
        '{id:1,name:"x",version:"1.0.0",description:"y",license:"z",main:"m"}',
        '{name:"x",deps:{y:1},z:[{version:"1.0.0",main:"a",license:"b"}]}',
        '{name:"x",version:"1.0",description:"y",main:"z"}',
    ],
)
def test_words_that_only_look_alike_name_nothing(text):
    assert named(text) == set()


def test_a_version_is_preferred_and_licences_are_kept():
    text = '// node_modules/a/x.js\n{name:"a",version:"1.2.3",main:"x",license:"MIT"}'
    (package,) = identify_bundled(memoryview(text.encode()), "x/cli.js")
    assert (package.name, package.version, package.licence, package.path) == ("a", "1.2.3", "MIT", "x/cli.js")


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    [
        b"/*! Bundled license information:\n",
        b'{name:"a",version:"1.0.0",main:1,license:2},',
        b"/*! @license ",
        b"// node_modules/x/y.js\n",
        b'"node_modules/',
        b"node_modules/a/",
        b"/*! a 1.0 ",
    ],
)
def test_no_repetition_takes_long(piece):
    data = piece * ((4 << 20) // len(piece))
    began = time.perf_counter()
    list(identify_bundled(data))
    assert time.perf_counter() - began < 4


def test_a_bundle_of_15_mb_is_read_quickly():
    line = b'function a(e){return e&&"use strict"!==e.version?b(c.d("name",{version:e})):void 0}var t=n(7);\n'
    data = line * (15_000_000 // len(line)) + b"/*! lodash 4.17.21 */"
    began = time.perf_counter()
    assert len(list(identify_bundled(data))) == 1
    assert time.perf_counter() - began < 2  # 0.1 s where nothing else runs
