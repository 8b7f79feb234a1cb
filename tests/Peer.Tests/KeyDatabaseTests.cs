using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Common;
using P2PCloud.Peer.Keys;
using P2PCloud.Peer.Overlays;

namespace P2PCloud.Peer.Tests;

public sealed class KeyDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;

    private string File => Path.Combine(_folder, "peer-0.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_folder_nothing_is_kept()
    {
        using var keys = Database(folder: null);

        Assert.Null(keys.StorageOf(0));
        Assert.Empty(keys.Take(0));
    }

    [Fact]
    public void What_was_saved_is_there_after_a_restart()
    {
        var record = Record("a") with { Expiry = 1_900_000_000_000 };
        Save(0, new Effect.Keep(record));

        using var keys = Database(_folder);

        var kept = Assert.Single(keys.Take(0));
        Assert.Equivalent(record, kept);
        Assert.Equal(record.Value, kept.Value);
    }

    [Fact]
    public void An_empty_value_is_no_tombstone_after_a_restart()
    {
        Save(0, new Effect.Keep(Record("a") with { Value = [] }));

        using var keys = Database(_folder);

        Assert.Equal([], Assert.Single(keys.Take(0)).Value!);
    }

    [Fact]
    public void A_tombstone_is_one_after_a_restart()
    {
        Save(0, new Effect.Keep(Record("a") with { Value = null, DropAt = 5 }));

        using var keys = Database(_folder);

        var kept = Assert.Single(keys.Take(0));
        Assert.True(kept.IsTombstone);
        Assert.Equal(5, kept.DropAt);
    }

    [Fact]
    public void Keys_of_any_text_and_length_come_back_as_they_were()
    {
        string[] names = ["a/b c", "ключ 🔑", "x'; DROP TABLE record; --", "a\0b", new('k', 1024)];
        Save(0, [.. names.Select(name => new Effect.Keep(Record(name)))]);

        using var keys = Database(_folder);

        Assert.Equal(names.Order(StringComparer.Ordinal), keys.Take(0).Select(record => record.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_record_replaces_the_one_before_of_its_key()
    {
        Save(0, new Effect.Keep(Record("a", 1)), new Effect.Keep(Record("a", 2)));

        using var keys = Database(_folder);

        Assert.Equal(2, Assert.Single(keys.Take(0)).Version.Time);
    }

    [Fact]
    public void A_dropped_record_is_gone()
    {
        Save(0, new Effect.Keep(Record("a")), new Effect.Keep(Record("b")), new Effect.Drop(default, "a"));

        using var keys = Database(_folder);

        Assert.Equal("b", Assert.Single(keys.Take(0)).Key);
    }

    [Fact]
    public void Each_virtual_node_has_its_own_records()
    {
        Save(0, new Effect.Keep(Record("a")));
        Save(1, new Effect.Keep(Record("a", 2)), new Effect.Drop(default, "b"));

        using var keys = Database(_folder);

        Assert.Equal(1, Assert.Single(keys.Take(0)).Version.Time);
        Assert.Equal(2, Assert.Single(keys.Take(1)).Version.Time);
    }

    [Fact]
    public void Records_of_a_virtual_node_that_is_no_more_go_to_the_first_one_unless_it_has_later_ones()
    {
        Save(0, new Effect.Keep(Record("old here", 1)), new Effect.Keep(Record("new here", 9)));
        Save(3, new Effect.Keep(Record("old here", 5)), new Effect.Keep(Record("new here", 5)), new Effect.Keep(Record("only there", 5)));

        using var keys = Database(_folder, virtualNodes: 2);

        Assert.Equal(
            [("new here", 9), ("old here", 5), ("only there", 5)],
            keys.Take(0).Select(record => (record.Key, record.Version.Time)));
        Assert.Empty(keys.Take(3));
    }

    [Fact]
    public void Virtual_nodes_save_at_the_same_time()
    {
        using (var keys = Database(_folder))
        {
            Parallel.For(0, 4, node =>
            {
                for (var i = 0; i < 20; i++)
                {
                    keys.StorageOf(node)!.Save([new Effect.Keep(Record($"{node}-{i}"))]);
                }
            });
        }

        using var again = Database(_folder);

        Assert.Equal([20, 20, 20, 20], Enumerable.Range(0, 4).Select(node => again.Take(node).Count));
    }

    [Fact]
    public void Changes_that_cannot_be_saved_are_a_failure_of_the_storage_and_none_of_them_is_kept()
    {
        Save(0, new Effect.Keep(Record("a")));
        using (var raw = Raw())
        {
            // FAIL keeps what the statement did before: only the transaction undoes it.
            Execute(raw, "CREATE TRIGGER full BEFORE INSERT ON record WHEN NEW.key = 'c' BEGIN SELECT RAISE(FAIL, 'disk is full'); END");
        }

        using var keys = Database(_folder);
        var failure = Assert.Throws<KeyStorageException>(
            () => keys.StorageOf(0)!.Save([new Effect.Keep(Record("b")), new Effect.Keep(Record("c"))]));

        Assert.Contains("disk is full", failure.Message, StringComparison.Ordinal);
        keys.Dispose();
        using var again = Database(_folder);
        Assert.Equal("a", Assert.Single(again.Take(0)).Key);
    }

    [Fact]
    public void A_damaged_database_is_named_in_one_line_at_start()
    {
        System.IO.File.WriteAllText(File, new string('x', 10_000));

        AssertRefused(_folder, "not a database");
    }

    [Fact]
    public void A_damaged_record_is_named_in_one_line_at_start()
    {
        Save(0, new Effect.Keep(Record("a")));
        using (var raw = Raw())
        {
            Execute(raw, "UPDATE record SET version = 'soon'");
        }

        AssertRefused(_folder, "'a' is damaged");
    }

    [Fact]
    public void A_database_of_another_version_is_left_alone()
    {
        using (var raw = Raw())
        {
            Execute(raw, "PRAGMA user_version = 7");
        }

        AssertRefused(_folder, "another version");
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused_in_one_line_at_start()
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "taken"), "");

        AssertRefused(Path.Combine(_folder, "taken"), "taken");
    }

    [Fact]
    public void A_database_that_is_in_use_is_refused()
    {
        using var keys = Database(_folder);

        AssertRefused(_folder, "locked");
    }

    private static void AssertRefused(string folder, string reason)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Database(folder));

        var line = Assert.Single(failure.Failures);
        Assert.StartsWith("Keys:DataDirectory", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    private static KeyRecord Record(string key, long time = 1) =>
        new(new NodeId(UInt128.MaxValue), key, new KeyVersion(time, "peer-0#0"), [1, 0, 255]);

    private static KeyDatabase Database(string? folder, int virtualNodes = 4) => new(
        Options.Create(new KeyOptions { DataDirectory = folder }),
        Options.Create(new NodeOptions { App = "peer-0" }),
        Options.Create(new OverlayOptions { VirtualNodes = virtualNodes }));

    private void Save(int virtualNode, params Effect[] changes)
    {
        using var keys = Database(_folder);
        keys.StorageOf(virtualNode)!.Save(changes);
    }

    private SqliteConnection Raw()
    {
        var raw = new SqliteConnection($"Data Source={File};Pooling=False");
        raw.Open();
        return raw;
    }

    private static void Execute(SqliteConnection raw, string text)
    {
        using var command = raw.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
