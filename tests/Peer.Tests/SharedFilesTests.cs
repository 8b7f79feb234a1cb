using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using P2PCloud.Peer.Sharing;

namespace P2PCloud.Peer.Tests;

public sealed class SharedFilesTests : IDisposable
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly string _root = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;

    private string Folder => Directory.CreateDirectory(Path.Combine(_root, "shared")).FullName;

    private string Uploads => Path.Combine(_root, "uploads");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_folder_is_shared_with_the_folders_below_it_under_relative_names()
    {
        Write("a.txt", "one");
        Write("deep/er/b.txt", "two");
        using var files = await ScanAsync(new ShareOptions { Folder = Folder });

        Assert.Equal([("a.txt", IdOf("one")), ("deep/er/b.txt", IdOf("two"))], files.All.Select(file => (file.Name, file.ContentId)));
    }

    [Fact]
    public async Task Only_the_named_files_are_shared_when_names_are_given()
    {
        Write("a.txt", "one");
        Write("b.txt", "two");
        using var files = await ScanAsync(new ShareOptions { Folder = Folder, Only = { "b.txt" } });

        Assert.Equal("b.txt", Assert.Single(files.All).Name);
    }

    [Fact]
    public async Task Symbolic_links_are_not_followed()
    {
        Write("a.txt", "one");
        File.CreateSymbolicLink(Path.Combine(Folder, "link.txt"), Path.Combine(Folder, "a.txt"));
        Directory.CreateSymbolicLink(Path.Combine(Folder, "link"), _root);
        using var files = await ScanAsync(new ShareOptions { Folder = Folder });

        Assert.Equal("a.txt", Assert.Single(files.All).Name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_named_pipe_is_skipped_and_an_empty_file_is_not(bool named)
    {
        Write("empty.txt", "");
        using (var made = Process.Start("mkfifo", [Path.Combine(Folder, "pipe")]))
        {
            await made.WaitForExitAsync(Limit);
        }

        var options = new ShareOptions { Folder = Folder };
        string[] names = named ? ["empty.txt", "pipe"] : [];
        Array.ForEach(names, options.Only.Add);
        // A pipe that is opened blocks its thread until somebody writes to it.
        using var files = await Task.Run(() => ScanAsync(options), Limit).WaitAsync(TimeSpan.FromSeconds(10), Limit);

        Assert.Equal("empty.txt", Assert.Single(files.All).Name);
    }

    [Fact]
    public async Task The_same_content_under_two_names_is_shared_under_both()
    {
        Write("a.txt", "one");
        Write("b.txt", "one");
        using var files = await ScanAsync(new ShareOptions { Folder = Folder });

        Assert.Equal(["a.txt", "b.txt"], files.All.Select(file => file.Name));
        Assert.Single(files.All.Select(file => file.ContentId).Distinct());
    }

    [Fact]
    public async Task An_upload_never_changes_the_shared_folder()
    {
        Write("a.txt", "one");
        using var files = await ScanAsync(new ShareOptions { Folder = Folder, Uploads = Uploads });

        await AddAsync(files, "a.txt", "other");

        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(Folder, "a.txt"), Limit));
        Assert.Equal("other", await File.ReadAllTextAsync(Path.Combine(Uploads, "a.txt"), Limit));
    }

    [Fact]
    public async Task Uploads_are_shared_again_after_a_restart()
    {
        using (var before = await ScanAsync(new ShareOptions { Uploads = Uploads }))
        {
            await AddAsync(before, "music/song.txt", "la");
        }

        using var after = await ScanAsync(new ShareOptions { Uploads = Uploads });

        Assert.Equal("music/song.txt", Assert.Single(after.All).Name);
    }

    [Fact]
    public async Task An_upload_under_a_used_name_replaces_the_content_and_says_so()
    {
        using var files = await ScanAsync(new ShareOptions { Uploads = Uploads });
        await AddAsync(files, "song.txt", "la");

        var (file, replaced) = await AddAsync(files, "song.txt", "lala");

        Assert.Equal((IdOf("lala"), IdOf("la")), (file.ContentId, replaced?.ContentId));
        Assert.Null(files.Find(IdOf("la")));
    }

    [Fact]
    public async Task The_same_upload_again_changes_nothing()
    {
        using var files = await ScanAsync(new ShareOptions { Uploads = Uploads });
        await AddAsync(files, "song.txt", "la");

        var (_, replaced) = await AddAsync(files, "song.txt", "la");

        Assert.Null(replaced);
        Assert.Equal(1, files.Count);
    }

    [Fact]
    public async Task An_upload_over_the_limit_leaves_nothing_behind()
    {
        using var files = await ScanAsync(new ShareOptions { Uploads = Uploads, UploadBytesMax = 3 });

        await Assert.ThrowsAsync<UploadTooLargeException>(() => AddAsync(files, "song.txt", "lala"));

        Assert.Empty(files.All);
        Assert.Empty(Directory.EnumerateFiles(Uploads, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Removing_deletes_an_upload_and_keeps_a_file_of_the_shared_folder()
    {
        Write("a.txt", "one");
        using var files = await ScanAsync(new ShareOptions { Folder = Folder, Uploads = Uploads });
        await AddAsync(files, "b.txt", "two");

        await files.RemoveAsync(IdOf("one"), Limit);
        await files.RemoveAsync(IdOf("two"), Limit);

        Assert.Empty(files.All);
        Assert.True(File.Exists(Path.Combine(Folder, "a.txt")));
        Assert.False(File.Exists(Path.Combine(Uploads, "b.txt")));
    }

    [Fact]
    public async Task A_file_that_changed_on_disk_is_not_served_under_its_old_content_id()
    {
        Write("a.txt", "one");
        using var files = await ScanAsync(new ShareOptions { Folder = Folder });

        Write("a.txt", "changed");

        Assert.Null(files.Find(IdOf("one")));
    }

    private static async Task<SharedFiles> ScanAsync(ShareOptions options)
    {
        var files = new SharedFiles(Options.Create(options), NullLogger<SharedFiles>.Instance);
        await files.ScanAsync(Limit);
        return files;
    }

    private static async Task<(Contracts.SharedFile File, Contracts.SharedFile? Replaced)> AddAsync(SharedFiles files, string name, string text)
    {
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await files.AddAsync(name, bytes, Limit);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string IdOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
