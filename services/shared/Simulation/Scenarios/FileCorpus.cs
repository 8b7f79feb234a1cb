using System.Globalization;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Files with names of three words each, from a seed. The first word is a topic, which each has in common with a few others.</summary>
internal sealed class FileCorpus(IRandom random, int topics)
{
    private const int Titles = 50;
    private const long SizeMax = 10_000_000;

    /// <summary>One file; the same name is always the same content.</summary>
    public SharedFile Draw()
    {
        var topic = random.NextBelow(topics);
        var title = random.NextBelow(Titles);
        var content = ((ulong)topic << 32) | (uint)title;
        return new SharedFile(
            content.ToString("x64", CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"topic{topic} title{title} take.ogg"),
            (long)(content % SizeMax));
    }

    /// <summary>A query that some files match: a topic, or topic and title.</summary>
    public string DrawQuery()
    {
        var file = Draw();
        var words = file.Name.Split(' ');
        return random.NextBelow(4) == 0 ? $"{words[1]} {words[0].ToUpperInvariant()}" : words[0];
    }
}
