using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace P2PCloud.Images.Tests;

/// <summary>An image in an archive of OCI's layout (OCI Image Format Specification 1.1, image layout).</summary>
public sealed class OciArchive
{
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    private readonly Dictionary<string, byte[]> _files;

    private OciArchive(Dictionary<string, byte[]> files)
    {
        _files = files;
        Platforms = [.. Manifests(Json("index.json")).Select(Platform)];
    }

    /// <summary>The image for each platform.</summary>
    public IReadOnlyList<OciPlatform> Platforms { get; }

    /// <summary>Reads a file.</summary>
    public static OciArchive Read(string path)
    {
        using var file = File.OpenRead(path);
        return new OciArchive(FilesOf(file));
    }

    private IEnumerable<JsonNode> Manifests(JsonNode index) => index["manifests"]!.AsArray().SelectMany(entry =>
        (string?)entry!["mediaType"] is Index or DockerList ? Manifests(Blob(entry)) : [entry]);

    private OciPlatform Platform(JsonNode entry)
    {
        var manifest = Blob(entry);
        var config = Blob(manifest["config"]!);
        var files = new Dictionary<string, byte[]>();
        foreach (var layer in manifest["layers"]!.AsArray())
        {
            using var packed = new MemoryStream(Bytes(layer!));
            using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
            foreach (var (name, bytes) in FilesOf(unpacked))
            {
                files[name] = bytes;
            }
        }

        return new OciPlatform(
            $"{config["os"]}/{config["architecture"]}", $"{entry["platform"]!["os"]}/{entry["platform"]!["architecture"]}", config["config"]!, files);
    }

    private JsonNode Blob(JsonNode descriptor) => JsonNode.Parse(Bytes(descriptor))!;

    private byte[] Bytes(JsonNode descriptor) => _files[$"blobs/{((string)descriptor["digest"]!).Replace(':', '/')}"];

    private JsonNode Json(string file) => JsonSerializer.Deserialize<JsonNode>(_files[file])!;

    private static Dictionary<string, byte[]> FilesOf(Stream archive)
    {
        using var reader = new TarReader(archive);
        var files = new Dictionary<string, byte[]>();
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                using var copy = new MemoryStream();
                data.CopyTo(copy);
                files[entry.Name] = copy.ToArray();
            }
        }

        return files;
    }
}

/// <summary>An image for one platform.</summary>
/// <param name="Name">What its configuration says, such as <c>linux/arm64</c>.</param>
/// <param name="Listed">What the index says.</param>
/// <param name="Config">Its user, labels, entry point.</param>
/// <param name="Files">By path from the root.</param>
public sealed record OciPlatform(string Name, string Listed, JsonNode Config, IReadOnlyDictionary<string, byte[]> Files);
