using System.Runtime.Versioning;

namespace ZenNas.Torch.Tests;

/// <summary>The copy of the bridge library differs in one flag.</summary>
[SupportedOSPlatform("linux")]
public sealed class RelaxedBridgeTests
{
    private const string Other = "GLIBCXX_3.4.9";
    private const int FlagsOffset = 4;
    private const byte Weak = 2;

    [Fact]
    public void Should_change_one_flag_of_the_shipped_library()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the bridge needs relaxing on Linux only");
        var shipped = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));

        AssertOneFlagSet(shipped, RelaxedBridge.Relax(shipped));
    }

    [Fact]
    public void Should_change_the_flag_of_that_version_alone()
    {
        var shipped = SmallElf.Write(
        [
            ("libc.so.6", ["GLIBC_2.34", "GLIBC_2.2.5"]),
            ("libstdc++.so.6", [Other, RelaxedBridge.Version, "CXXABI_1.3", RelaxedBridge.Version + "1"]),
            ("libm.so.6", ["GLIBC_2.29"]),
        ]);

        AssertOneFlagSet(shipped, RelaxedBridge.Relax(shipped));
    }

    [Fact]
    public void Should_keep_flags_that_are_set_already()
    {
        var shipped = SmallElf.Write([("libstdc++.so.6", [RelaxedBridge.Version])], flags: 1);
        var relaxed = RelaxedBridge.Relax(shipped);

        Assert.Equal([3], Differing(shipped, relaxed).Select(i => relaxed[i]));
        Assert.Equal(relaxed, RelaxedBridge.Relax(relaxed));
    }

    [Fact]
    public void Should_change_nothing_where_the_version_is_not_asked_for()
    {
        var shipped = SmallElf.Write([("libstdc++.so.6", [Other])]);

        Assert.Equal(shipped, RelaxedBridge.Relax(shipped));
    }

    public static TheoryData<byte[]> NotElf =>
    [
        Array.Empty<byte>(),
        "#!/bin/sh"u8.ToArray(),
        "MZ"u8.ToArray(),
        new byte[200],
        "\u007fELF\u0001\u0001\u0001"u8.ToArray(),
        "\u007fELF\u0002\u0002\u0001"u8.ToArray(),
    ];

    [Theory, MemberData(nameof(NotElf), DisableDiscoveryEnumeration = true)]
    public void Should_refuse_what_is_not_a_64_bit_little_endian_elf_file(byte[] file) =>
        Assert.Throws<BadImageFormatException>(() => RelaxedBridge.Relax(file));

    [Fact]
    public void Should_keep_the_copy_where_only_this_user_can_write()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "file modes are checked on Linux only");
        TorchRuntime.Initialize();
        var folder = Directory.CreateTempSubdirectory("zennas-bridge-");
        var before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", folder.FullName);
            var shipped = SmallElf.Write([("libstdc++.so.6", [RelaxedBridge.Version])]);
            var path = Path.Combine(folder.FullName, "libBridge.so");
            File.WriteAllBytes(path, shipped);

            var copy = RelaxedBridge.CopyOf(path);

            Assert.StartsWith(folder.FullName, copy, StringComparison.Ordinal);
            Assert.Equal("libBridge.so", Path.GetFileName(copy));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(copy)!));
            Assert.Equal(RelaxedBridge.Relax(shipped), File.ReadAllBytes(copy));

            // A copy that someone changed isn't used.
            File.WriteAllBytes(copy, [1, 2, 3]);
            Assert.Equal(copy, RelaxedBridge.CopyOf(path));
            Assert.Equal(RelaxedBridge.Relax(shipped), File.ReadAllBytes(copy));
            Assert.Equal([copy], Directory.GetFiles(Path.GetDirectoryName(copy)!));
            Assert.Equal(shipped, File.ReadAllBytes(path));
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One bit of one flag differs, and before the flag stands the hash of the version's name.</summary>
    private static void AssertOneFlagSet(byte[] shipped, byte[] relaxed)
    {
        var at = Assert.Single(Differing(shipped, relaxed));

        Assert.Equal(shipped[at] | Weak, relaxed[at]);
        Assert.Equal(SmallElf.Hash(RelaxedBridge.Version), BitConverter.ToUInt32(shipped, at - FlagsOffset));
    }

    private static int[] Differing(byte[] a, byte[] b)
    {
        Assert.Equal(a.Length, b.Length);
        return [.. Enumerable.Range(0, a.Length).Where(i => a[i] != b[i])];
    }
}
