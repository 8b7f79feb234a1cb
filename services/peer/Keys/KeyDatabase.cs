using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Common;
using P2PCloud.Peer.Overlays;

namespace P2PCloud.Peer.Keys;

/// <summary>
/// The records of keys of this peer's virtual nodes in one SQLite database, when there is a folder for it: what was saved is on the
/// disk (write-ahead log, synchronous = FULL). Used by one process at a time. Thread-safe.
/// </summary>
public sealed class KeyDatabase : IDisposable
{
    private const long SchemaVersion = 1;

    private const string Open = """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        """;

    private const string Create = """
        CREATE TABLE IF NOT EXISTS record (
            node INTEGER NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, value BLOB, expiry INTEGER, drop_at INTEGER,
            PRIMARY KEY (node, key)) STRICT;
        PRAGMA user_version = 1;
        """;

    private const string Select = "SELECT id, key, version, value, expiry, drop_at FROM record WHERE node = $node ORDER BY key";
    private const string Adrift = "SELECT DISTINCT node FROM record WHERE node >= $count ORDER BY node";

    private const string Upsert = """
        INSERT OR REPLACE INTO record (node, key, id, version, value, expiry, drop_at)
        VALUES ($node, $key, $id, $version, $value, $expiry, $dropAt)
        """;

    private const string Delete = "DELETE FROM record WHERE node = $node AND key = $key";
    private const string DeleteNode = "DELETE FROM record WHERE node = $node";

    private readonly Lock _use = new();
    private readonly SqliteConnection? _connection;
    private readonly List<IReadOnlyList<KeyRecord>> _found = [];

    /// <summary>Opens or makes the database; does nothing without a folder.</summary>
    /// <exception cref="OptionsValidationException">The folder or the database cannot be used; says why in one line.</exception>
    public KeyDatabase(IOptions<KeyOptions> options, IOptions<NodeOptions> node, IOptions<OverlayOptions> overlays)
    {
        if (options.Value.DataDirectory is not { } given)
        {
            return;
        }

        var path = Path.Combine(Path.GetFullPath(given), $"{node.Value.App}.db");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
            _connection.Open();
            Prepare();
            Gather(overlays.Value.VirtualNodes);
            _found.AddRange(Enumerable.Range(0, overlays.Value.VirtualNodes).Select(Read));
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException or FormatException)
        {
            _connection?.Dispose();
            var problem = $"Keys:DataDirectory: the keys cannot be kept in {path}: {failure.Message}";
            throw new OptionsValidationException(KeyOptions.Section, typeof(KeyOptions), [problem.ReplaceLineEndings(" ")]);
        }
    }

    /// <summary>What a virtual node had kept when the database was opened, once: it is given away. Nothing without a folder.</summary>
    public IReadOnlyList<KeyRecord> Take(int virtualNode)
    {
        if (virtualNode >= _found.Count)
        {
            return [];
        }

        var records = _found[virtualNode];
        _found[virtualNode] = [];
        return records;
    }

    /// <summary>Where a virtual node keeps its records; null without a folder.</summary>
    public IKeyStorage? StorageOf(int virtualNode) => _connection is null ? null : new Storage(this, virtualNode);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_use)
        {
            _connection?.Dispose();
        }
    }

    private void Prepare()
    {
        using var open = Command(Open);
        open.ExecuteNonQuery();
        using var version = Command("PRAGMA user_version");
        if (version.ExecuteScalar() is not (0L or SchemaVersion))
        {
            throw new FormatException("it was made by another version of the program");
        }

        using var create = Command(Create);
        create.ExecuteNonQuery();
    }

    /// <summary>Gives what virtual nodes have kept that are no more, because there are fewer now, to number 0.</summary>
    private void Gather(int virtualNodes)
    {
        var adrift = new List<int>();
        using (var command = Command(Adrift, ("$count", virtualNodes)))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                adrift.Add(reader.GetInt32(0));
            }
        }

        using var transaction = _connection!.BeginTransaction();
        foreach (var number in adrift)
        {
            var latest = Read(0).ToDictionary(record => record.Key, record => record.Version, StringComparer.Ordinal);
            foreach (var record in Read(number).Where(record => !latest.TryGetValue(record.Key, out var known) || record.Version > known))
            {
                Keep(0, record);
            }

            using var delete = Command(DeleteNode, ("$node", number));
            delete.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private List<KeyRecord> Read(int virtualNode)
    {
        using var command = Command(Select, ("$node", virtualNode));
        using var reader = command.ExecuteReader();
        var records = new List<KeyRecord>();
        while (reader.Read())
        {
            records.Add(RecordIn(reader));
        }

        return records;
    }

    private void Save(int virtualNode, IReadOnlyList<Effect> changes)
    {
        lock (_use)
        {
            using var transaction = _connection!.BeginTransaction();
            foreach (var change in changes)
            {
                if (change is Effect.Keep keep)
                {
                    Keep(virtualNode, keep.Record);
                }
                else if (change is Effect.Drop drop)
                {
                    using var delete = Command(Delete, ("$node", virtualNode), ("$key", drop.Key));
                    delete.ExecuteNonQuery();
                }
            }

            transaction.Commit();
        }
    }

    private void Keep(int virtualNode, KeyRecord record)
    {
        using var command = Command(
            Upsert,
            ("$node", virtualNode),
            ("$key", record.Key),
            ("$id", record.Id.ToString()),
            ("$version", record.Version.ToString()),
            ("$value", record.Value),
            ("$expiry", record.Expiry),
            ("$dropAt", record.DropAt));
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = _connection!.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    /// <exception cref="FormatException">A text is not what was written.</exception>
    private static KeyRecord RecordIn(SqliteDataReader row) =>
        NodeId.TryParse(row.GetString(0), out var id) && KeyVersion.TryParse(row.GetString(2), out var version)
            ? new KeyRecord(
                id,
                row.GetString(1),
                version!,
                row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3),
                row.IsDBNull(4) ? null : row.GetInt64(4),
                row.IsDBNull(5) ? null : row.GetInt64(5))
            : throw new FormatException($"the record of '{row.GetString(1)}' is damaged");

    private sealed class Storage(KeyDatabase database, int virtualNode) : IKeyStorage
    {
        /// <inheritdoc/>
        public void Save(IReadOnlyList<Effect> changes)
        {
            try
            {
                database.Save(virtualNode, changes);
            }
            catch (SqliteException failure)
            {
                throw new KeyStorageException(failure.Message, failure);
            }
        }
    }
}
