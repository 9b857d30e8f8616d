FROM scratch
ADD base.tar /
USER 10001:10001
EXPOSE 9090
ENTRYPOINT ["/usr/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/var/lib/service", "--storage.tsdb.retention.time=30d"]
