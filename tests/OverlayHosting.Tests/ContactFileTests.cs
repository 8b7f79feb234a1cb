using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting.Tests;

public sealed class ContactFileTests : IDisposable
{
    private static readonly NodeRef Other = new("peer-1", null, "http://127.0.0.1:1");

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly Warnings _warnings = new();

    private string Path => System.IO.Path.Combine(_folder, "peer-0.contacts.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_remembered_is_there_after_a_restart()
    {
        using (var file = Open())
        {
            file.Remember(OverlayNames.Gnutella, [Other]);
            file.Remember(OverlayNames.Chord, [new NodeRef("peer-2", 3)]);
        }

        using var again = Open();

        var gnutella = Assert.Single(again.Contacts[OverlayNames.Gnutella]);
        Assert.Equal((Other.Name, Other.Endpoint), (gnutella.Name, gnutella.Endpoint));
        Assert.Equal(["peer-2#3"], again.Contacts[OverlayNames.Chord].Select(node => node.Name));
        Assert.Empty(_warnings.Texts);
    }

    [Fact]
    public void A_process_that_is_killed_loses_only_what_is_younger_than_the_delay_of_writing()
    {
        var file = Open();
        file.Remember(OverlayNames.Gnutella, [Other]);
        Assert.False(File.Exists(Path));

        _time.Advance(ContactFile.WriteDelay);

        using var again = Open();
        Assert.Equal([Other], again.Contacts[OverlayNames.Gnutella]);
        file.Dispose();
    }

    [Fact]
    public void A_file_is_replaced_as_a_whole_and_no_other_file_is_left()
    {
        using (var file = Open())
        {
            file.Remember(OverlayNames.Gnutella, [Other]);
            _time.Advance(ContactFile.WriteDelay);
            file.Remember(OverlayNames.Gnutella, [new NodeRef("peer-2")]);
        }

        using var again = Open();

        Assert.Equal([Path], Directory.GetFiles(_folder));
        Assert.Equal(["peer-2", "peer-1"], again.Contacts[OverlayNames.Gnutella].Select(node => node.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1, 2]")]
    [InlineData("""{"gnutella": [{"virtualNode": 1}]}""")]
    [InlineData("""{"gnutella": null}""")]
    public void A_damaged_file_is_left_aside_with_a_warning_and_replaced(string content)
    {
        File.WriteAllText(Path, content);

        using (var file = Open())
        {
            Assert.Empty(file.Contacts);
            Assert.Contains("peer-0.contacts.json", Assert.Single(_warnings.Texts), StringComparison.Ordinal);
            file.Remember(OverlayNames.Gnutella, [Other]);
        }

        using var again = Open();
        Assert.Equal([Other], again.Contacts[OverlayNames.Gnutella]);
    }

    [Fact]
    public void A_file_half_written_by_a_killed_process_does_not_count()
    {
        using (var file = Open())
        {
            file.Remember(OverlayNames.Gnutella, [Other]);
        }

        File.WriteAllText($"{Path}.tmp", "{\"gnut");

        using var again = Open();
        Assert.Equal([Other], again.Contacts[OverlayNames.Gnutella]);
        Assert.Empty(_warnings.Texts);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_a_warning_and_no_failure()
    {
        File.WriteAllText(System.IO.Path.Combine(_folder, "taken"), "");
        var file = new ContactFile(System.IO.Path.Combine(_folder, "taken"), "peer-0", _time, _warnings);

        file.Remember(OverlayNames.Gnutella, [Other]);
        file.Dispose();

        Assert.Single(_warnings.Texts);
    }

    [Fact]
    public void Its_own_nodes_unknown_overlays_and_more_than_the_maximum_are_not_remembered()
    {
        File.WriteAllText(Path, """{"gnutella": [{"app": "peer-0"}, {"app": "peer-1"}], "elsewhere": [{"app": "peer-1"}]}""");
        using var file = Open();

        file.Remember(OverlayNames.Chord, [.. Enumerable.Range(0, ContactFile.ContactsMax * 2).Select(number => new NodeRef($"peer-{number}", 0))]);

        Assert.Equal([OverlayNames.Chord, OverlayNames.Gnutella], file.Contacts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["peer-1"], file.Contacts[OverlayNames.Gnutella].Select(node => node.Name));
        Assert.Equal(ContactFile.ContactsMax, file.Contacts[OverlayNames.Chord].Count);
        Assert.DoesNotContain("peer-0#0", file.Contacts[OverlayNames.Chord].Select(node => node.Name));
    }

    [Fact]
    public void Without_a_folder_nothing_is_written()
    {
        using (var file = new ContactFile(null, "peer-0", _time, _warnings))
        {
            file.Remember(OverlayNames.Gnutella, [Other]);
            _time.Advance(ContactFile.WriteDelay);
        }

        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Empty(_warnings.Texts);
    }

    private ContactFile Open() => new(_folder, "peer-0", _time, _warnings);

    private sealed class Warnings : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
