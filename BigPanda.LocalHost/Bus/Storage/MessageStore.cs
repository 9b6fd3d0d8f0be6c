using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>
/// The rows of the queues. The first change begins a transaction; <see cref="Commit"/> ends it. Only for the broker's thread.
/// </summary>
internal sealed class MessageStore : IDisposable
{
    private const long SmallFile = 4 << 20;
    private const long MostToMove = 32 << 20;

    private readonly string _folder;
    private readonly SqliteConnection _connection;
    private readonly Func<bool> _refusesCommits;
    private readonly Statement _begin, _commit, _rollBack, _insert, _update, _delete, _read, _settle, _oldest, _forget;
    private bool _inTransaction;

    private MessageStore(string folder, SqliteConnection connection, Func<bool> refusesCommits)
    {
        (_folder, _connection, _refusesCommits) = (folder, connection, refusesCommits);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollBack = Prepare("ROLLBACK");
        _insert = Prepare("INSERT INTO messages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        _update = Prepare("UPDATE messages SET dead_lettered = ?2, deliveries = ?3, checksum = ?4, content = ?5 WHERE sequence = ?1");
        _delete = Prepare("DELETE FROM messages WHERE sequence = ?1");
        _read = Prepare("SELECT checksum, content FROM messages WHERE sequence = ?1");
        _settle = Prepare("INSERT INTO settled VALUES (?1, ?2, ?3, ?4)");
        _oldest = Prepare("SELECT sequence, enqueued_at FROM settled ORDER BY sequence LIMIT ?1");
        _forget = Prepare("DELETE FROM settled WHERE sequence < ?1");
    }

    /// <exception cref="BusFolderException">The message says why, and what to do.</exception>
    public static MessageStore Open(string folder, Func<bool> refusesCommits)
    {
        var connection = DatabaseFile.Open(folder);
        try
        {
            return new MessageStore(folder, connection, refusesCommits);
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            throw DatabaseFile.Explain(failure, folder);
        }
    }

    /// <summary>The number that stands for each queue in the rows; a new queue gets the next one.</summary>
    public Dictionary<long, string> NameQueues(IEnumerable<string> declared)
    {
        var names = new Dictionary<long, string>();
        using (var known = Prepare("SELECT id, name FROM queues ORDER BY id"))
            while (known.Read())
                names.Add(known.Int64(0), known.Text(1));
        using var add = Prepare("INSERT INTO queues VALUES (?1, ?2)");
        foreach (var name in declared.Where(name => !names.ContainsValue(name)))
        {
            names.Add(names.Count + 1, name);
            add.Bind(1, names.Count).Bind(2, name).Execute();
        }

        return names;
    }

    /// <summary>Every message with its content, by sequence number.</summary>
    public void ReadMessages(Action<MessageStamp, ReadOnlySpan<byte>> read)
    {
        using var rows = Prepare(
            "SELECT sequence, queue, dead_lettered, deliveries, enqueued_at, scheduled_for, expires_at, checksum, content FROM messages ORDER BY sequence");
        while (rows.Read())
        {
            var stamp = new MessageStamp(
                rows.Int64(0), rows.Int64(1), rows.Int64(2) != 0, unchecked((int)rows.Int64(3)), rows.Int64(4), rows.Int64(5), rows.Int64(6));
            var content = rows.Blob(8);
            Verify(stamp, rows.Int64(7), content);
            read(stamp, content);
        }
    }

    /// <summary>The ids of settled messages, oldest first.</summary>
    public void ReadSettled(Action<long, long, long, MessageKey> read)
    {
        using var rows = Prepare("SELECT sequence, queue, enqueued_at, message_key FROM settled ORDER BY sequence");
        while (rows.Read())
            read(rows.Int64(0), rows.Int64(1), rows.Int64(2), MessageKey.Read(rows.Blob(3)));
    }

    public void Insert(in MessageStamp stamp, ReadOnlySpan<byte> content)
    {
        Begin();
        _insert
            .Bind(1, stamp.Sequence).Bind(2, stamp.Queue).Bind(3, stamp.DeadLettered ? 1 : 0).Bind(4, stamp.Deliveries)
            .Bind(5, stamp.EnqueuedAt).Bind(6, stamp.ScheduledFor).Bind(7, stamp.ExpiresAt).Bind(8, stamp.Check(content)).Bind(9, content)
            .Execute();
    }

    /// <summary>Returns a copy of the message's content.</summary>
    /// <exception cref="BusFolderException">The row is damaged.</exception>
    public byte[] Read(in MessageStamp stamp)
    {
        try
        {
            var found = _read.Bind(1, stamp.Sequence).Read();
            var content = found ? _read.Blob(1) : [];
            Verify(stamp, found ? _read.Int64(0) : -1, content);
            return content.ToArray();
        }
        finally
        {
            _read.Reset();
        }
    }

    public void Update(in MessageStamp stamp, ReadOnlySpan<byte> content)
    {
        Begin();
        _update
            .Bind(1, stamp.Sequence).Bind(2, stamp.DeadLettered ? 1 : 0).Bind(3, stamp.Deliveries).Bind(4, stamp.Check(content)).Bind(5, content)
            .Execute();
    }

    /// <summary>Keeps the message's id for duplicate detection, and with it the last sequence number used.</summary>
    public void Settle(in MessageStamp stamp, MessageKey key)
    {
        Begin();
        _delete.Bind(1, stamp.Sequence).Execute();
        Span<byte> id = stackalloc byte[MessageKey.Bytes];
        key.Write(id);
        _settle.Bind(1, stamp.Sequence).Bind(2, stamp.Queue).Bind(3, stamp.EnqueuedAt).Bind(4, id).Execute();
    }

    /// <summary>Deletes ids older than a time, a few at a time, and returns how many it read. Keeps the newest: it holds the last sequence number.</summary>
    public int ForgetSettled(long before, int most)
    {
        var (read, firstKept) = (0, 0L);
        _oldest.Bind(1, most);
        while (_oldest.Read())
        {
            read++;
            firstKept = _oldest.Int64(0);
            if (_oldest.Int64(1) > before)
                break;
        }

        _oldest.Reset();
        if (read > 1)
        {
            Begin();
            _forget.Bind(1, firstKept).Execute();
        }

        return read;
    }

    /// <summary>False if there was nothing to commit.</summary>
    public bool Commit()
    {
        if (!_inTransaction)
            return false;
        if (_refusesCommits())
            throw new SqliteException("disk I/O error (injected fault)", raw.SQLITE_IOERR);
        _commit.Execute();
        _inTransaction = false;
        return true;
    }

    public void RollBack()
    {
        if (!_inTransaction)
            return;
        _inTransaction = false;
        // Some failures have already ended the transaction.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            _rollBack.Execute();
    }

    /// <summary>Returns the space of a drained backlog to the disk, and empties the write-ahead log. Call outside a transaction.</summary>
    public void Shrink()
    {
        var (pageSize, pages, free) = (Number("PRAGMA page_size"), Number("PRAGMA page_count"), Number("PRAGMA freelist_count"));
        // VACUUM rewrites what is left: quick, and worth it, only when that is little.
        if (pages * pageSize > SmallFile && (pages - free) * 4 < pages && (pages - free) * pageSize < MostToMove)
            DatabaseFile.Execute(_connection, "VACUUM");
        DatabaseFile.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _commit, _rollBack, _insert, _update, _delete, _read, _settle, _oldest, _forget })
            statement.Dispose();
        // The last connection to close checkpoints and deletes the write-ahead log.
        _connection.Dispose();
    }

    private Statement Prepare(string sql) => new(_connection.Handle!, sql);

    private long Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Read() ? statement.Int64(0) : 0;
    }

    private void Begin()
    {
        if (_inTransaction)
            return;
        _begin.Execute();
        _inTransaction = true;
    }

    private void Verify(in MessageStamp stamp, long checksum, ReadOnlySpan<byte> content)
    {
        if (stamp.Check(content) != checksum)
            throw BusFolderException.Damaged(DatabaseFile.PathIn(_folder), $"message {stamp.Sequence} does not match its checksum.");
    }
}
