FROM scratch
ADD base.tar /
USER 10001:10001
EXPOSE 9093
ENTRYPOINT ["/usr/bin/prometheus-alertmanager"]
CMD ["--config.file=/etc/prometheus/alertmanager.yml", "--storage.path=/var/lib/service", "--cluster.listen-address="]
