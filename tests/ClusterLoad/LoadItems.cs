using System.Security.Cryptography;
using System.Text;
using P2PCloud.Overlays.Common;

namespace P2PCloud.ClusterLoad;

/// <summary>A file of the load.</summary>
/// <param name="Name">Under which it is shared.</param>
/// <param name="Query">Words that no other file has, all in its name.</param>
/// <param name="ContentId">SHA-256 of its bytes.</param>
/// <param name="Peers">App-ids of the peers that share it; null: one that the gateway chooses.</param>
internal sealed record LoadFile(string Name, string Query, string ContentId, IReadOnlyList<string?> Peers);

/// <summary>The keys, values and files of a load: the same for the same options.</summary>
internal sealed class LoadItems
{
    private const int FilesPerWord = 8;
    private const char Filler = '.';

    private readonly LoadOptions _options;
    private readonly Dictionary<string, LoadFile> _byContent;
    private long _lastValue;

    public LoadItems(LoadOptions options)
    {
        _options = options;
        Keys = [.. Enumerable.Range(0, options.Keys).Select(number => $"{options.Run}/key-{number}")];
        Files = [.. Enumerable.Range(0, options.Files).Select(FileOf)];
        _byContent = Files.ToDictionary(file => file.ContentId, StringComparer.Ordinal);
    }

    public IReadOnlyList<string> Keys { get; }

    public IReadOnlyList<LoadFile> Files { get; }

    /// <summary>A value that no other put of the run writes.</summary>
    public string NextValue() => $"{_options.Run}-{Interlocked.Increment(ref _lastValue)}";

    public LoadFile FileWith(string contentId) => _byContent[contentId];

    /// <summary>The bytes of a value: its text, filled up.</summary>
    public byte[] BytesOf(string value) => Encoding.ASCII.GetBytes(value.PadRight(_options.ValueBytes, Filler));

    /// <summary>The text of a value; of bytes that are none, their SHA-256.</summary>
    public string ValueOf(byte[] bytes)
    {
        var value = Encoding.ASCII.GetString(bytes).TrimEnd(Filler);
        return bytes.AsSpan().SequenceEqual(BytesOf(value)) ? value : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
    }

    /// <summary>The bytes of a file: its name, and then as the name and the seed give.</summary>
    public byte[] ContentOf(string name)
    {
        var content = new byte[_options.FileBytes];
        var head = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        var random = new SplitMix64(_options.Seed ^ BitConverter.ToUInt64(head));
        for (var i = 0; i < content.Length; i++)
        {
            content[i] = i < head.Length ? head[i] : (byte)random.NextBits();
        }

        return content;
    }

    private LoadFile FileOf(int number)
    {
        var words = $"{_options.Run}group{number / FilesPerWord} {_options.Run}track{number}";
        var name = $"{words}.bin";
        var peers = _options.FilePeers;
        IReadOnlyList<string?> sharers = peers.Count == 0
            ? [null]
            : [.. Enumerable.Range(0, _options.FileCopies).Select(copy => peers[(number + copy) % peers.Count])];
        return new LoadFile(name, words, Convert.ToHexStringLower(SHA256.HashData(ContentOf(name))), sharers);
    }
}
