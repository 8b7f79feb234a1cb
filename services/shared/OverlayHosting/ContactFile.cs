using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Boot;

namespace P2PCloud.OverlayHosting;

/// <summary>
/// The members of its overlays that a node heard of last, in the file <c>{app-id}.contacts.json</c> of a folder, so that the node can
/// join again with BOOT down. The file is replaced as a whole, a while after the first change and at the end. What it says are hints: a
/// file that cannot be read is left aside with a warning.
/// </summary>
public sealed partial class ContactFile : IContactStorage, IDisposable
{
    /// <summary>Members of one overlay at most.</summary>
    public const int ContactsMax = 32;

    private const int BytesMax = 1 << 20;

    /// <summary>Time from a change until the file is written; changes in between are written together.</summary>
    public static readonly TimeSpan WriteDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _use = new();
    private readonly Lock _writing = new();
    private readonly SortedDictionary<string, ContactList> _overlays = new(StringComparer.Ordinal);
    private readonly string? _path;
    private readonly string _app;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private bool _changed;

    /// <summary>Reads the file, if there is one.</summary>
    /// <param name="folder">Made when it is not there; null: nothing is read or written.</param>
    /// <param name="app">App-id of this node; members of the same app-id are not remembered.</param>
    /// <param name="time">For the delay of writing.</param>
    /// <param name="logger">For warnings.</param>
    public ContactFile(string? folder, string app, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        _path = folder is null ? null : Path.Combine(Path.GetFullPath(folder), $"{app}.contacts.json");
        _app = app;
        _logger = logger;
        _timer = time.CreateTimer(_ => Write(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Read();
    }

    /// <summary>What is remembered now, by overlay, the newest first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<NodeRef>> Contacts
    {
        get
        {
            lock (_use)
            {
                return _overlays.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<NodeRef>)[.. entry.Value.Nodes]);
            }
        }
    }

    /// <inheritdoc/>
    public void Remember(string overlay, IReadOnlyList<NodeRef> nodes)
    {
        lock (_use)
        {
            Add(overlay, nodes);
            if (_path is not null && !_changed)
            {
                _changed = true;
                _timer.Change(WriteDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Writes what has changed.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Write();
    }

    private void Add(string overlay, IEnumerable<NodeRef> nodes)
    {
        if (!_overlays.TryGetValue(overlay, out var list))
        {
            _overlays[overlay] = list = new ContactList(ContactsMax);
        }

        list.Remember(nodes.Where(node => node.App != _app));
    }

    private void Read()
    {
        if (_path is null || !File.Exists(_path))
        {
            return;
        }

        try
        {
            if (new FileInfo(_path).Length > BytesMax)
            {
                ContactsNotRead(_logger, _path, $"it has more than {BytesMax} bytes");
                return;
            }

            var read = JsonSerializer.Deserialize(File.ReadAllBytes(_path), ContactFileJson.Default.DictionaryStringNodeRefArray);
            foreach (var (overlay, nodes) in read?.Where(entry => OverlayNames.All.Contains(entry.Key)) ?? [])
            {
                Add(overlay, nodes?.OfType<NodeRef>() ?? throw new JsonException($"The members of {overlay} are null."));
            }
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            ContactsNotRead(_logger, _path, failure.Message);
        }
    }

    private void Write()
    {
        lock (_writing)
        {
            Dictionary<string, NodeRef[]> contacts;
            lock (_use)
            {
                if (!_changed)
                {
                    return;
                }

                _changed = false;
                contacts = _overlays.ToDictionary(entry => entry.Key, entry => entry.Value.Nodes.ToArray());
            }

            var temporary = $"{_path}.tmp";
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_path!)!);
                File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(contacts, ContactFileJson.Default.DictionaryStringNodeRefArray));
                File.Move(temporary, _path!, overwrite: true);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                ContactsNotWritten(_logger, _path!, failure.Message);
            }
        }
    }

    [LoggerMessage(EventId = 1021, EventName = "ContactsNotRead", Level = LogLevel.Warning, Message = "The contacts in {Path} are left aside: {Reason}")]
    private static partial void ContactsNotRead(ILogger logger, string path, string reason);

    [LoggerMessage(EventId = 1022, EventName = "ContactsNotWritten", Level = LogLevel.Warning, Message = "The contacts are not written to {Path}: {Reason}")]
    private static partial void ContactsNotWritten(ILogger logger, string path, string reason);
}

/// <summary>JSON of the file.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Dictionary<string, NodeRef[]>))]
internal sealed partial class ContactFileJson : JsonSerializerContext;
