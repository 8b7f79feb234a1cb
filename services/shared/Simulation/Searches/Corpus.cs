using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Searches;

/// <summary>The files of an experiment and who shares each now. Every file has a word of its own in its name, and one that 20 files share.</summary>
internal sealed class Corpus
{
    private const int FilesOfAnArtist = 20;
    private const int SizeMin = 1_000_000;
    private const int SizeRange = 9_000_000;

    private readonly SharedFile[] _files;
    private readonly HashSet<string>[] _holders;
    private readonly Dictionary<string, List<int>> _filesOf = new(StringComparer.Ordinal);

    /// <summary>Spreads files over peers.</summary>
    /// <param name="files">How many files.</param>
    /// <param name="replicas">Distinct peers that share each.</param>
    /// <param name="peers">App-ids.</param>
    /// <param name="random">Its chance.</param>
    public Corpus(int files, int replicas, IReadOnlyList<string> peers, IRandom random)
    {
        _files = [.. Enumerable.Range(0, files).Select(number => FileOf(number, SizeMin + random.NextBelow(SizeRange)))];
        _holders = [.. _files.Select(_ => new HashSet<string>(StringComparer.Ordinal))];
        for (var file = 0; file < files; file++)
        {
            while (_holders[file].Count < replicas)
            {
                Give(peers[random.NextBelow(peers.Count)], file);
            }
        }
    }

    /// <summary>How many files.</summary>
    public int Count => _files.Length;

    /// <summary>The query that finds a file and no other.</summary>
    /// <param name="file">Its number.</param>
    /// <param name="words">1 or 2.</param>
    public static string QueryOf(int file, int words) => words == 1 ? TitleOf(file) : $"{ArtistOf(file)} {TitleOf(file)}";

    /// <summary>Peers that share a file now.</summary>
    public IReadOnlySet<string> HoldersOf(int file) => _holders[file];

    /// <summary>What a peer shares.</summary>
    public IReadOnlyList<SharedFile> FilesOf(string peer) => [.. NumbersOf(peer).Select(number => _files[number])];

    /// <summary>A peer has gone: its files are to be given to another.</summary>
    /// <returns>Their numbers.</returns>
    public IReadOnlyList<int> Take(string peer)
    {
        var files = NumbersOf(peer);
        foreach (var file in files)
        {
            _holders[file].Remove(peer);
        }

        _filesOf.Remove(peer);
        return files;
    }

    /// <summary>A peer shares a file from now on.</summary>
    public void Give(string peer, int file)
    {
        if (_holders[file].Add(peer))
        {
            if (!_filesOf.TryGetValue(peer, out var files))
            {
                _filesOf[peer] = files = [];
            }

            files.Add(file);
        }
    }

    /// <summary>Files by their numbers.</summary>
    public IReadOnlyList<SharedFile> Files(IReadOnlyList<int> numbers) => [.. numbers.Select(number => _files[number])];

    private List<int> NumbersOf(string peer) => _filesOf.TryGetValue(peer, out var files) ? files : [];

    private static SharedFile FileOf(int number, long size)
    {
        var name = $"{ArtistOf(number)} - {TitleOf(number)}.mp3";
        return new SharedFile(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))), name, size);
    }

    private static string ArtistOf(int number) => string.Create(CultureInfo.InvariantCulture, $"artist{number / FilesOfAnArtist}");

    private static string TitleOf(int number) => string.Create(CultureInfo.InvariantCulture, $"song{number}");
}
