using System.Buffers.Binary;

namespace P2PCloud.Images.Tests;

/// <summary>One build serves both processors.</summary>
public sealed class PlatformTests(Archives archives) : IClassFixture<Archives>
{
    private const int MachineOffset = 18;

    /// <summary>Machine of an ELF file by the folder of its runtime (System V ABI, e_machine).</summary>
    private static readonly Dictionary<string, int> Machines = new() { ["linux-x64"] = 62, ["linux-arm64"] = 183 };

    /// <summary>What Garnet has for one processor only, for vector sets and range indices, which the embedded server is not asked for.</summary>
    private static readonly string[] OneProcessorOnly = ["libbftree_garnet.so", "libdiskann_garnet.so"];

    public static TheoryData<string> Services => Archives.Services;

    [Theory]
    [MemberData(nameof(Services))]
    public void An_image_is_there_for_both_processors_and_says_what_it_is(string service)
    {
        var platforms = archives.Of(service).Platforms;

        Assert.Equal(["linux/amd64", "linux/arm64"], platforms.Select(platform => platform.Name).Order());
        Assert.All(platforms, platform =>
        {
            Assert.Equal(platform.Name, platform.Listed);
            Assert.Equal("1654:1654", (string)platform.Config["User"]!);
            Assert.Equal($"p2pcloud/{service}", (string)platform.Config["Labels"]!["org.opencontainers.image.title"]!);
            Assert.Equal("dotnet", (string)platform.Config["Entrypoint"]![0]!);
            Assert.Contains($"app/{platform.Config["Entrypoint"]![1]}", platform.Files.Keys);
        });
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Both_have_the_same_files(string service)
    {
        var platforms = archives.Of(service).Platforms;

        Assert.Equal(platforms[0].Files.Keys.Order(), platforms[1].Files.Keys.Order());
        Assert.All(platforms[0].Files, file => Assert.True(file.Value.AsSpan().SequenceEqual(platforms[1].Files[file.Key]), file.Key));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Native_code_is_there_for_both_processors_each_in_its_folder(string service)
    {
        var files = archives.Of(service).Platforms[0].Files;

        var native = files.Where(file => file.Value.AsSpan().StartsWith("\u007fELF"u8)).ToList();
        Assert.NotEmpty(native);
        Assert.All(native, file => Assert.Equal(
            Machines[file.Key.Split('/') is ["app", "runtimes", var runtime, "native", _] ? runtime : ""],
            BinaryPrimitives.ReadUInt16LittleEndian(file.Value.AsSpan(MachineOffset))));
        Assert.Equal(NamesFor("linux-x64").Except(OneProcessorOnly), NamesFor("linux-arm64"));

        IEnumerable<string> NamesFor(string runtime) =>
            native.Where(file => file.Key.Contains($"/{runtime}/", StringComparison.Ordinal)).Select(file => Path.GetFileName(file.Key)).Order();
    }

    [Fact]
    public void The_command_knows_its_native_code_for_both_processors()
    {
        var known = System.Text.Encoding.UTF8.GetString(archives.Of("cli").Platforms[0].Files["app/p2pcloud.deps.json"]);

        Assert.All(Machines.Keys, runtime => Assert.Contains($"runtimes/{runtime}/native/libSkiaSharp.so", known, StringComparison.Ordinal));
    }
}
